"""Contract suite of `app.exchange.base`: each kind of exchange runs every test of it.

Two hosts share an exchange. A kind says how they are made, and how one vanishes.
"""

from abc import ABC, abstractmethod
from contextlib import closing

import pytest

from app.exchange.base import (
    KEPT_GENERATIONS,
    ExchangeError,
    Fenced,
    HostReport,
    Publication,
)
from app.generation.files import (
    Published,
    file_name,
    people_file_name,
)
from app.generation.schema import SCHEMA
from app.state import control
from app.state.control import Request
from app.state.held_results import Held
from connectors.base import Full
from tests.app.exchange.contract_host import ContractHost
from tests.support.patience import PATIENCE, SHORT


class ExchangeContract(ABC):
    """The tests. A kind has a fixture `hosts`: two hosts of a new exchange."""

    @abstractmethod
    def vanish(self, host: ContractHost) -> None:
        """End a host's hold on the exchange as if its process were killed."""

    @pytest.fixture
    def first(self, hosts: tuple[ContractHost, ContractHost]) -> ContractHost:
        return hosts[0]

    @pytest.fixture
    def second(self, hosts: tuple[ContractHost, ContractHost]) -> ContractHost:
        return hosts[1]

    def test_one_host_holds_the_lease_and_renews_it(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        lease = first.held_lease()
        assert lease.seconds_left > 0
        assert second.exchange.lease() is None
        again = first.held_lease()
        assert (lease.epoch, lease.holder) == (again.epoch, again.holder)

    def test_each_host_is_told_who_holds_the_lease(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        assert second.exchange.lease_holder() is None
        lease = first.held_lease()
        holder = second.exchange.lease_holder()
        assert holder is not None
        assert lease.epoch == holder.epoch
        assert holder.held_seconds >= 0 < holder.seconds_left
        self.vanish(first)
        assert second.exchange.lease_holder() is None
        later = second.held_lease()
        holder = first.exchange.lease_holder()
        assert holder is not None
        assert later.epoch == holder.epoch

    def test_a_lease_that_is_given_back_is_free_at_once(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        before = first.held_lease()
        first.exchange.release()
        after = second.exchange.lease()
        assert after is not None
        assert after.epoch > before.epoch
        assert after.holder != before.holder

    def test_the_lease_of_a_host_that_vanished_ends(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        before = first.held_lease()
        self.vanish(first)
        assert second.held_lease().epoch > before.epoch

    def test_who_lost_the_lease_publishes_and_saves_nothing(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        first.store_contacts(3)
        lease = first.held_lease()
        first.exchange.save(lease, first.data, "staff")
        published = first.publish("000000a1")
        first.exchange.release()
        second.held_lease()
        late = first.make_generation("000000a2")
        with pytest.raises(Fenced):
            first.exchange.publish(lease, first.folder, late)
        with pytest.raises(Fenced):
            first.exchange.save(lease, first.data, "staff")
        current = second.exchange.current()
        assert current is not None
        assert published.published == current.published

    def test_a_lease_of_an_earlier_tenure_is_refused(self, first: ContractHost) -> None:
        earlier = first.held_lease()
        first.exchange.release()
        first.held_lease()
        with pytest.raises(Fenced):
            first.exchange.publish(earlier, first.folder, first.make_generation("000000a1"))
        assert first.exchange.current() is None

    def test_nothing_is_current_at_first(self, first: ContractHost) -> None:
        assert first.exchange.current() is None

    def test_a_publication_is_current_and_can_be_fetched(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        published = first.publish("000000a1")
        current = second.exchange.current()
        assert current is not None
        assert (published.published, SCHEMA, published.size) == (
            current.published,
            current.schema,
            current.size,
        )
        assert current.epoch == first.held_lease().epoch
        second.exchange.fetch(current, second.folder)
        for name in (file_name("000000a1"), people_file_name("000000a1")):
            assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()
            assert (second.folder / name).stat().st_mode & 0o077 == 0

    def test_older_generations_can_be_fetched_for_a_while(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        publications = [first.publish(f"000000a{row}") for row in range(KEPT_GENERATIONS)]
        for publication in publications:
            second.exchange.fetch(publication, second.folder)
            assert (second.folder / file_name(publication.published.version)).is_file()

    def test_a_generation_that_is_not_there_cannot_be_fetched(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        first.publish("000000a1")
        unknown = Publication(Published("000000zz", "0" * 32, 0.0, "0" * 32), SCHEMA, 1, 1)
        before = sorted(path.name for path in second.folder.iterdir())
        with pytest.raises(ExchangeError):
            second.exchange.fetch(unknown, second.folder)
        assert before == sorted(path.name for path in second.folder.iterdir())

    def test_an_earlier_generation_can_be_published_again(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        old = first.publish("000000a1")
        first.publish("000000a2")
        first.exchange.publish(first.held_lease(), first.folder, old)
        current = second.exchange.current()
        assert current is not None
        assert old.published == current.published

    @pytest.mark.parametrize("count", [0, 1, 40_000])
    def test_what_is_saved_of_a_source_is_restored(
        self, first: ContractHost, second: ContractHost, count: int
    ) -> None:
        first.store_contacts(count)
        first.exchange.save(first.held_lease(), first.data, "staff")
        with first.data.copy("staff") as copy:
            expected = (copy.facts, copy.digest, tuple(copy.parts))
        assert second.exchange.load(second.data, "staff") or not count
        with second.data.copy("staff") as copy:
            assert expected == (copy.facts, copy.digest, tuple(copy.parts))

    def test_what_the_brake_holds_back_is_restored(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        first.store_contacts(3)
        held = Held("staff", "digest", "print", 1.0, None, 2.0, before=3, after=0, lost=3)
        first.store.hold(held, Full(()))
        first.exchange.save(first.held_lease(), first.data, "staff")
        second.exchange.load(second.data, "staff")
        assert held == second.store.held("staff")
        assert first.store.going("staff") == second.store.going("staff")
        assert len(second.store.going("staff")) == 3

    def test_the_last_save_counts(self, first: ContractHost, second: ContractHost) -> None:
        for count in (5, 3, 3, 4):
            first.store_contacts(count)
            first.exchange.save(first.held_lease(), first.data, "staff")
        assert second.exchange.load(second.data, "staff")
        assert second.store.record("staff").contacts == 4
        assert second.store.record("staff").checkpoint == "after 4"

    def test_of_a_source_that_was_removed_nothing_stays(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        lease = first.held_lease()
        for source in ("staff", "guests"):
            first.store_contacts(3, source)
            first.exchange.save(lease, first.data, source)
        # As the builder does in its own store.
        first.store.forget_all_but(("staff",))
        first.exchange.forget_all_but(lease, ("staff",))
        assert second.exchange.load(second.data, "staff")
        assert not second.exchange.load(second.data, "guests")
        first.exchange.release()
        with pytest.raises(Fenced):
            first.exchange.forget_all_but(lease, ())
        assert second.exchange.load(second.data, "staff")

    def test_nothing_is_restored_of_a_source_that_nobody_saved(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        assert not second.exchange.load(second.data, "unknown")

    def test_a_request_is_taken_once_by_the_host_that_builds(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        accept = Request(control.ACCEPT, "staff", "abc123")
        second.exchange.ask(accept)
        assert () == second.exchange.requests(builds=False)
        assert (accept,) == first.exchange.requests(builds=True)
        assert () == first.exchange.requests(builds=True)

    def test_hosts_with_ids_of_their_own_do_not_meet(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        hosts = (first, second) * 2
        told = [host.exchange.report(HostReport("one", "", SCHEMA, False)) for host in hosts]
        assert ["", "", "", ""] == told

    def test_watching_ends_when_something_is_published(
        self, first: ContractHost, second: ContractHost
    ) -> None:
        second.exchange.watch(0)
        assert not second.exchange.watch(SHORT)
        first.publish("000000a1")
        assert second.exchange.watch(PATIENCE)

    def test_closing_frees_the_lease(self, first: ContractHost, second: ContractHost) -> None:
        with closing(first.exchange):
            before = first.held_lease()
        assert second.held_lease().epoch > before.epoch
