"""Two hosts share a PostgreSQL: one builds, both serve, and either may die."""

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.site_hosts import (
    BOOK,
    Site,
    exchange_of,
    running_site,
    signal_builder,
    version_of,
)

EVERYBODY = '[books.staff]\ntitle = "Everybody"\nsources = ["staff"]\n'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as made:
        made.write("Ann", "Ben")
        made.add("north")
        made.add("south")
        yield made


def other(site: Site, name: str) -> str:
    (found,) = set(site.hosts) - {name}
    return found


def test_both_hosts_serve_what_one_builds(site: Site) -> None:
    site.write("Ann", "Ben")
    site.until_all_show("Ann", "Ben")
    leader = site.leader()
    follower = site.hosts[other(site, leader)]
    version = site.until_one_version()
    site.write("Ann", "Ben", "Cat")
    site.until_all_show("Ann", "Ben", "Cat")
    assert version < version_of(follower)
    assert "lease_taken" not in follower.logged()
    assert "generation_fetched" in follower.logged()
    # What the builder knows of the sources is told on each host.
    assert "ok" == follower.status()["sources"]["staff"]["state"]
    eventually(lambda: 3 == follower.status()["sources"]["staff"]["contacts"], "it is told")


def test_another_host_builds_when_the_builder_dies(site: Site) -> None:
    leader = site.leader()
    follower = other(site, leader)
    killed = site.hosts[leader]
    # Neither the builder nor who restarts it is there any more.
    killed.process.kill()
    killed.process.wait()
    site.hosts.pop(leader)
    eventually(lambda: exchange_of(site.hosts[follower])["builds"], "the other one builds")
    site.write("Ann", "Dan")
    site.until_all_show("Ann", "Dan")
    killed.start()
    site.hosts[leader] = killed
    site.until_all_show("Ann", "Dan")
    assert follower == site.leader()


def test_a_frozen_builder_is_fenced_and_follows(site: Site) -> None:
    site.write("Ann", "Dan")
    site.until_all_show("Ann", "Dan")
    leader = site.leader()
    frozen, following = site.hosts[leader], site.hosts[other(site, leader)]
    signal_builder(frozen, signal.SIGSTOP)
    try:
        eventually(lambda: exchange_of(following)["builds"], "the other one builds")
        # Its last report says that it builds, but it has lost the lease.
        eventually(partial(is_told_to_build, following, other(site, leader)), "it is told")
        site.write("Ann", "Eve")
        eventually(lambda: site.shows(following, "Ann", "Eve"), "the change")
        # Its phones are served by what it has.
        assert site.shows(frozen, "Ann", "Dan")
    finally:
        signal_builder(frozen, signal.SIGCONT)
    site.until_all_show("Ann", "Eve")
    eventually(lambda: not exchange_of(frozen)["builds"], "it follows")
    assert exchange_of(following)["builds"]
    for host in (frozen, following):
        eventually(partial(is_told_to_build, host, other(site, leader)), "each tells who builds")


def test_a_held_result_is_accepted_on_a_host_that_follows(site: Site) -> None:
    crowd = [f"Person{letter}" for letter in "abcdefghijkl"]
    site.write(*crowd)
    site.until_all_show(*crowd)
    following = site.hosts[other(site, site.leader())]
    site.write(*crowd[:2])
    eventually(lambda: following.status()["sources"]["staff"]["state"] == "held", "the brake")

    def dry_run() -> str:
        return run("accept", "staff", "--dry-run", cwd=following.folder).stdout

    told = eventually(lambda: "removes" in (text := dry_run()) and text, "the held loss")
    assert "Accepting it removes 10 contacts" in told and "Personc Smith" in told
    assert site.shows(following, *crowd)
    assert 0 == run("accept", "staff", cwd=following.folder).returncode
    site.until_all_show(*crowd[:2])
    # Nothing is held any more, on neither host.
    eventually(lambda: "no result is held back" in dry_run(), "nothing is held")


def test_a_reload_reaches_each_host(site: Site) -> None:
    site.until_one_version()
    for name, host in site.hosts.items():
        host.configure(site.config(name, EVERYBODY))
    following = site.hosts[other(site, site.leader())]
    shown = run("reload", cwd=following.folder)
    assert (0, "") == (shown.returncode, shown.stderr)
    assert "Each other host reads its own" in shown.stdout
    for host in site.hosts.values():
        eventually(partial(is_titled, host, "Everybody"), "the new title")
    site.until_one_version()


def test_check_tells_of_all_hosts_and_which_key_differs(site: Site) -> None:
    def shown() -> str:
        return run("check", cwd=site.folder / "north").stdout

    def is_told() -> bool:
        # Each tells of itself every few seconds. After a reload the lease may still change hands.
        leader, version = site.leader(), site.until_one_version()
        told = shown()
        return (
            f"host {leader}: builds, serves {version}" in told
            and f"host {other(site, leader)}: follows, serves {version}" in told
        )

    eventually(is_told, "what each host does")
    leader = site.leader()
    follower = other(site, leader)
    following = site.hosts[follower]
    assert "exchange: it answers, and knows 2 hosts." in shown()
    assert "another configuration" not in shown()
    assert f"lease: {leader} holds it since 20" in shown()

    def status() -> str:
        return run("status", cwd=following.folder).stdout

    eventually(lambda: f"lease: {leader} holds it since 20" in status(), "who builds")
    assert f"exchange: this host, {follower}, follows" in status()
    eventually(partial(are_behind, following), "each serves what is published")
    assert f"{leader} took the right to build" in following.text("/")
    following.configure(site.config(follower, '[numbers]\nregion = "DE"\n'))
    following.process.send_signal(signal.SIGHUP)
    eventually(lambda: "numbers.region" in following.status()["problem"], "it is told")
    assert "numbers.region" in run("check", cwd=site.hosts[leader].folder).stdout
    site.write("Ann", "Gil")
    # Its phones keep what they have; nothing that it cannot use is taken.
    for host in site.hosts.values():
        eventually(partial(are_behind, host, follower), "each tells that it does not follow")
    assert 200 == following.status_code(BOOK)
    for name, host in site.hosts.items():
        host.configure(site.config(name))
    run("reload", cwd=following.folder)
    eventually(lambda: following.status()["problem"] == "", "it is alike again")
    site.until_one_version()


def test_each_host_answers_from_what_the_host_that_builds_saved(site: Site) -> None:
    site.write("Ann", "Kim", "Lea")
    site.until_all_show("Ann", "Kim", "Lea")
    # What follows cannot come from the file.
    away = site.contacts.rename(site.contacts.with_name("away"))
    try:
        for host in site.hosts.values():
            eventually(partial(finds, host, "Kim Smith: source staff"), f"Kim\n{site.logs()}")
            listed = run("numbers", cwd=host.folder)
            assert (0, 3) == (listed.returncode, listed.stdout.count("Smith")), listed
            unknown = run("explain", "Nobody", cwd=host.folder)
            assert "source staff: 3 contacts" in unknown.stdout, unknown
            shown = run("diff", cwd=host.folder)
            assert "3 rows, then 3: nothing changes" in shown.stdout, shown
            assert "source staff: failing" in shown.stdout
    finally:
        away.rename(site.contacts)


def test_check_tells_if_another_host_would_read_another_file(site: Site) -> None:
    site.write("Ann", "Kim", "Lea")
    site.until_all_show("Ann", "Kim", "Lea")
    name = other(site, site.leader())
    following = site.hosts[name]
    (following.folder / "own.csv").write_text("given_name,family_name,work\nAnn,Smith,0895550100\n")
    config = site.config(name).replace(str(site.contacts), "own.csv")
    (following.folder / "own.toml").write_text(config + following.listen())
    remark = "this host would read 1; the host that builds read 3."

    def shown() -> str:
        return run("check", "--config", "own.toml", cwd=following.folder).stdout

    # The host that builds may still tell that the source fails, as it did before this test.
    eventually(lambda: remark in shown(), "what both read is told")
    assert "this host would read" not in run("check", cwd=following.folder).stdout


def test_check_tells_that_the_role_may_not_write(site: Site, tmp_path: Path) -> None:
    site.until_one_version()
    reader = f"{site.database}_reader"
    with site.server.admin(site.database) as connection:
        connection.execute(f"""
            CREATE ROLE {reader} LOGIN PASSWORD '{site.server.password}';
            GRANT USAGE ON SCHEMA directory_gateway TO {reader};
            GRANT SELECT ON ALL TABLES IN SCHEMA directory_gateway TO {reader};
        """)
    config = site.config("reader").replace(site.url, site.server.url(site.database, reader))
    (tmp_path / "gateway.toml").write_text(config)
    shown = run("check", cwd=tmp_path)
    assert 1 == shown.returncode
    assert "exchange: the exchange failed: permission denied" in shown.stdout
    assert '"Rights of the role" in docs/several-machines.md' in shown.stdout


def test_nothing_is_built_for_one_host_alone(site: Site) -> None:
    shown = run("build", "--once", cwd=site.folder / "north")
    assert shown.returncode != 0 and "[exchange]: build --once builds for this host" in shown.stderr


def test_phones_are_served_while_the_engine_is_down(site: Site) -> None:
    site.write("Ann", "Eve")
    site.until_all_show("Ann", "Eve")
    hosts = site.hosts.values()
    counts = [counts_of(host) for host in hosts]
    site.server.stop()
    try:
        for host in hosts:
            eventually(partial(problem_of, host), "the problem is told")
            assert "the exchange failed" in host.status()["problem"]
        site.write("Ann", "Fay")
        # Each gives up the lease and follows, long after a build would have been due.
        eventually(
            lambda: not any(exchange_of(host)["builds"] for host in hosts),
            f"nobody builds\n{site.logs()}",
        )
        for host in hosts:
            assert site.shows(host, "Ann", "Eve")
            assert 200 == host.status_code(BOOK)
        shown = run("check", cwd=site.folder / "north")
        assert 1 == shown.returncode and "exchange: the exchange failed" in shown.stdout
        for host in hosts:
            told = run("explain", "Ann", cwd=host.folder)
            assert 0 == told.returncode and "source staff" in told.stdout, told
            assert "the exchange failed" in told.stderr, told
            known = ("host read its sources last: staff 20", "The sources are read now.")
            assert any(text in told.stderr for text in known), told
            asked = run("refresh", "staff", cwd=host.folder).stdout
            assert "waits until the exchange answers" in asked and "refused" in asked
    finally:
        site.server.start()
    site.until_all_show("Ann", "Fay")
    for host in hosts:
        eventually(partial(has_no_problem, host), "it is over")
    # One line when it begins, and one when it is over.
    assert [(failed + 1, ended + 1) for failed, ended in counts] == [
        counts_of(host) for host in hosts
    ], site.logs()


def test_phones_are_served_while_the_engine_is_frozen(site: Site) -> None:
    """Its processes are stopped: connections stand, and nothing is answered."""
    site.write("Ann", "Fay")
    site.until_all_show("Ann", "Fay")
    leader = site.hosts[site.leader()]
    following = site.hosts[other(site, site.leader())]
    counts = counts_of(leader)
    with site.server.frozen():
        site.write("Ann", "Gus")
        for host in (leader, following):
            eventually(partial(problem_of, host), f"the problem is told\n{site.logs()}")
        assert "Check that the server runs" in leader.status()["problem"]
        eventually(lambda: not exchange_of(leader)["builds"], f"nobody builds\n{site.logs()}")
        for host in (leader, following):
            assert site.shows(host, "Ann", "Fay")
        # It reads its configuration, and ends in good order.
        read = following.logged().count("configuration_read")
        following.process.send_signal(signal.SIGHUP)
        eventually(
            lambda: following.logged().count("configuration_read") > read, "the configuration"
        )
        signal_builder(following, signal.SIGTERM)
        eventually(lambda: "process_ended process=builder code=0" in following.logged(), "its end")
    site.until_all_show("Ann", "Gus")
    for host in (leader, following):
        eventually(partial(has_no_problem, host), "it is over")
    assert (counts[0] + 1, counts[1] + 1) == counts_of(leader), site.logs()


def test_hosts_fill_an_emptied_database(site: Site) -> None:
    site.write("Ann", "Gus")
    site.until_all_show("Ann", "Gus")
    version = site.until_one_version()
    with site.server.admin(site.database) as connection:
        connection.execute("DROP SCHEMA directory_gateway CASCADE")
        eventually(lambda: version == pointer(connection), f"it is published\n{site.logs()}")
    site.write("Ann", "Hal")
    site.until_all_show("Ann", "Hal")


def pointer(connection: psycopg.Connection) -> str:
    """Return the version that the database names, "" if it names none."""
    try:
        row = connection.execute("SELECT version FROM directory_gateway.pointer").fetchone()
    except psycopg.errors.UndefinedTable:
        return ""
    return str(row[0]) if row is not None else ""


def finds(host: Gateway, text: str) -> bool:
    """Return whether `explain` tells this of Kim, as phones are served."""
    shown = run("explain", "Kim", cwd=host.folder)
    is_served = "not served" not in shown.stderr and "exchange" not in shown.stderr
    return shown.returncode == 0 and is_served and text in shown.stdout


def is_titled(host: Gateway, title: str) -> bool:
    return f"<Title>{title}" in host.text(BOOK)


def is_told_to_build(host: Gateway, name: str) -> bool:
    """Return whether a host tells that another one, and nobody else, builds."""
    told = exchange_of(host)
    builders = [each["name"] for each in told["hosts"] if each["builds"]]
    lease = told["lease"] or {"host": ""}
    return (lease["host"], builders) == (name, [name])


def are_behind(host: Gateway, *names: str) -> bool:
    """Return whether a host tells that these, and no others, are behind."""
    return list(names) == [each["name"] for each in exchange_of(host)["hosts"] if each["lag"]]


def problem_of(host: Gateway) -> str:
    return str(exchange_of(host)["problem"])


def has_no_problem(host: Gateway) -> bool:
    return not problem_of(host)


def counts_of(host: Gateway) -> tuple[int, int]:
    log = host.logged()
    return log.count("exchange_failing"), log.count("exchange_recovered")
