"""TLS to PostgreSQL: which servers are trusted, and what is said of the others."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.exchange.base import ExchangeError
from app.exchange.postgres import PostgresExchange
from tests.support.servers.ca import Authority, make_authority
from tests.support.servers.gateway import run
from tests.support.servers.postgres import PostgresServer, running_postgres


@dataclass(frozen=True, slots=True)
class Secure:
    """A server for `localhost`, its authority, one that it does not know, a database."""

    server: PostgresServer
    authority: Authority
    stranger: Authority
    database: str

    def url(self, options: str, host: str = "localhost") -> str:
        return self.server.url(self.database).replace("127.0.0.1", host) + options

    def error(self, options: str, host: str = "localhost") -> str:
        """Return what an exchange says that cannot use this address."""
        exchange = PostgresExchange(
            self.url(options, host), host="one", password=lambda: self.server.password
        )
        with pytest.raises(ExchangeError) as found:
            exchange.current()
        exchange.close()
        assert self.server.password not in str(found.value)
        return str(found.value)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    folder = tmp_path_factory.mktemp("authorities")
    authority = make_authority(folder / "known")
    with running_postgres() as server:
        server.secure(authority.issue("localhost"))
        stranger = make_authority(folder / "stranger")
        known = Secure(server, authority, stranger, server.new_database())
        url = known.url(f"?sslmode=verify-full&sslrootcert={authority.file}")
        with closing(PostgresExchange(url, host="one", password=lambda: server.password)) as first:
            first.current()  # It makes the tables.
        yield known


def test_the_right_server_is_used(secure: Secure) -> None:
    url = secure.url(f"?sslmode=verify-full&sslrootcert={secure.authority.file}")
    exchange = PostgresExchange(url, host="one", password=lambda: secure.server.password)
    assert exchange.current() is None
    with secure.server.admin(secure.database) as connection:
        found = connection.execute(
            "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = %s",
            (secure.database,),
        ).fetchall()
    exchange.close()
    assert [(True,)] == found


def test_a_server_of_another_authority_is_refused(secure: Secure) -> None:
    error = secure.error(f"?sslmode=verify-full&sslrootcert={secure.stranger.file}")
    assert 'server at "127.0.0.1", port' in error and "certificate verify failed" in error
    assert "sslrootcert in url under [exchange] must name the authority that issued" in error


def test_a_certificate_for_another_name_is_refused(secure: Secure) -> None:
    options = f"?sslmode=verify-full&sslrootcert={secure.authority.file}"
    error = secure.error(options, host="127.0.0.1")
    assert 'certificate for "localhost"' in error
    assert 'does not match host name "127.0.0.1"' in error
    assert "Write a name that the certificate has into url under [exchange]" in error


def test_a_missing_file_of_the_authority_is_named(secure: Secure, tmp_path: Path) -> None:
    missing = tmp_path / "missing.crt"
    error = secure.error(f"?sslmode=verify-full&sslrootcert={missing}")
    assert f'root certificate file "{missing}" does not exist' in error
    assert "sslrootcert in url under [exchange]" in error


def test_a_server_that_wants_tls_refuses_plain_text(secure: Secure) -> None:
    error = secure.error("?sslmode=disable")
    assert "no pg_hba.conf entry" in error and "no encryption" in error
    assert "sslmode=verify-full in url under [exchange]" in error


def test_a_server_without_tls_is_refused(secure: Secure) -> None:
    with running_postgres() as plain:
        found = Secure(plain, secure.authority, secure.stranger, plain.new_database())
        error = found.error(f"?sslmode=verify-full&sslrootcert={secure.authority.file}")
    assert "server does not support SSL" in error
    assert "ssl = on" in error


def test_each_server_of_several_is_named(secure: Secure) -> None:
    options = f"?sslmode=verify-full&sslrootcert={secure.stranger.file}"
    url = secure.url(options).replace("@localhost", "@localhost:1,localhost")
    exchange = PostgresExchange(url, host="one", password=lambda: secure.server.password)
    with pytest.raises(ExchangeError) as found:
        exchange.current()
    assert "port 1 failed: Connection refused" in str(found.value)
    assert "certificate verify failed" in str(found.value)
    assert "\n" not in str(found.value)


def test_files_lie_beside_gateway_toml(secure: Secure, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("name,number\nAnn,1234\n")
    (tmp_path / "password").write_text(secure.server.password)
    (tmp_path / "password").chmod(0o600)
    (tmp_path / "db.crt").write_bytes(secure.authority.file.read_bytes())
    url = secure.url("?sslmode=verify-full&sslrootcert=db.crt")
    (tmp_path / "gateway.toml").write_text(
        '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
        f'[exchange]\nurl = "{url}"\npassword_file = "password"\n'
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shown = run("check", "--config", str(tmp_path / "gateway.toml"), cwd=elsewhere)
    assert "exchange: it answers" in shown.stdout, shown
    (tmp_path / "db.crt").write_bytes(secure.stranger.file.read_bytes())
    shown = run("check", "--config", str(tmp_path / "gateway.toml"), cwd=elsewhere)
    assert (1, True) == (shown.returncode, "certificate verify failed" in shown.stdout), shown
    assert secure.server.password not in shown.stdout + shown.stderr
