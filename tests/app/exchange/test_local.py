"""The contract on files and the lock of a state directory, and what is special there."""

from pathlib import Path

import pytest

from app.exchange.local import LocalExchange
from app.state import control
from app.state.control import Request
from tests.app.exchange.contract import ExchangeContract
from tests.app.exchange.contract_host import ContractHost
from tests.support.servers.small_disk import fill, may_mount, mounted


class TestLocalExchange(ExchangeContract):
    """Two processes of one host share its state directory."""

    @pytest.fixture
    def hosts(self, tmp_path: Path) -> tuple[ContractHost, ContractHost]:
        state = tmp_path / "state"
        return (
            ContractHost(state, LocalExchange(state)),
            ContractHost(state, LocalExchange(state)),
        )

    def vanish(self, host: ContractHost) -> None:
        # The system closes the files of a process that was killed.
        host.exchange.close()


def test_one_host_needs_no_reports(tmp_path: Path) -> None:
    assert () == LocalExchange(tmp_path).hosts()


def test_a_reload_is_taken_by_a_host_that_does_not_build(tmp_path: Path) -> None:
    exchange = LocalExchange(tmp_path)
    exchange.ask(Request(control.RELOAD))
    assert (Request(control.RELOAD),) == exchange.requests(builds=False)


if may_mount():

    def test_a_full_disk_keeps_nobody_from_building(tmp_path: Path) -> None:
        with mounted(tmp_path / "state", 64) as state:
            exchange = LocalExchange(state)
            first = exchange.lease()
            exchange.release()
            fill(state)
            second = exchange.lease()
            exchange.close()
        assert first is not None and second is not None and first.epoch < second.epoch
