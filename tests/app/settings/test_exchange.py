"""[exchange]: addresses without a password, and the password's file."""

from pathlib import Path

import pytest

from app.settings.errors import SettingsError
from app.settings.exchange import check_url, host_name, read_password
from app.settings.loader import load

SOURCE = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://gateway@db.example.com/gateway?sslmode=verify-full",
        "postgres://gateway@db/gateway",
        "postgresql://gateway@db1:5432,db2:5433/gateway?target_session_attrs=read-write",
        "postgresql://gateway@[2001:db8::1]:5432/gateway",
        "postgresql:///gateway?host=/run/postgresql",
        "postgresql://gate%3Away@[2001:db8::1]:5432/gateway?sslkey=a.key",
        "postgresql://%2Frun%2Fpostgresql/gateway",
    ],
)
def test_addresses(url: str) -> None:
    assert url == check_url(f" {url} ")


@pytest.mark.parametrize(
    "url, problem",
    [
        ("", "not an address of PostgreSQL"),
        ("mysql://gateway@db/gateway", "not an address of PostgreSQL"),
        ("host=db dbname=gateway", "not an address of PostgreSQL"),
        ("postgresql:///gateway", "it names no host"),
        ("postgresql://gateway:secret@db/gateway", "it holds a password"),
        ("postgresql://gateway:@db/gateway", "it holds a password"),
        ("postgresql://gateway@db/gateway?password=secret", "it holds a password"),
        ("postgresql://gateway:sec#secret@db/gateway", "it holds a password"),
        ("postgresql://gateway:sec?secret@db/gateway", "it holds a password"),
        ("postgresql://gateway:sec/secret@db/gateway", "it holds a password"),
        ("postgresql://gateway:sec@secret@db/gateway", "it holds a password"),
        ("postgresql://gateway@db/gateway?sslpassword=secret", "it holds a password"),
        ("postgresql://gateway@db/gateway?%70assword=secret", "it holds a password"),
        ("postgresql://gateway@db/gateway?oauth_client_secret=secret", "it holds a password"),
        ("postgresql://gateway#secret@db/gateway", "it holds a #"),
        ("postgresql://gateway@db/gateway#?password=secret", "it holds a #"),
        ("postgresql://[db/gateway", "its host cannot be read"),
    ],
)
def test_wrong_addresses_are_refused_without_repeating_them(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as found:
        check_url(url)
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    "query, resolved",
    [
        ("sslmode=verify-full&sslrootcert=db.crt", "sslmode=verify-full&sslrootcert={base}/db.crt"),
        (
            "sslrootcert=a%20b.crt&sslkey=/etc/k.pem",
            "sslrootcert={base}/a%20b.crt&sslkey=/etc/k.pem",
        ),
        ("sslrootcert=system", "sslrootcert=system"),
        ("options=-c%20statement_timeout%3D1", "options=-c%20statement_timeout%3D1"),
    ],
)
def test_files_in_the_address_lie_beside_the_configuration(
    tmp_path: Path, query: str, resolved: str
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(f'[exchange]\nurl = "postgresql://gateway@db/x?{query}"\n{SOURCE}')
    exchange = load(file).exchange
    assert exchange is not None
    assert f"postgresql://gateway@db/x?{resolved.format(base=tmp_path)}" == exchange.url


@pytest.mark.parametrize("where", ["gateway:hunter2@db/x", "gateway@db/x?password=hunter2"])
def test_no_message_repeats_a_password(tmp_path: Path, where: str) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(f'[exchange]\nurl = "postgresql://{where}"\n{SOURCE}')
    with pytest.raises(SettingsError) as found:
        load(file)
    assert "password_file" in str(found.value) and "hunter2" not in str(found.value)


def test_one_host_needs_no_exchange(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(SOURCE)
    assert load(file).exchange is None


def test_a_host_is_called_as_the_system_calls_it(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(f'[exchange]\nurl = "postgresql://g@db/g"\npassword_file = "p"\n{SOURCE}')
    found = load(file).exchange
    assert found is not None
    assert (found.password_file, found.name) == (tmp_path / "p", host_name(""))
    assert "north" == host_name("north")


@pytest.mark.parametrize(
    "data, problem",
    [
        (None, "No such file"),
        (b"", "does not hold one line"),
        (b"one\ntwo\n", "does not hold one line"),
        (b"\xff", "not UTF-8"),
        (b"x" * 1025, "too long"),
    ],
)
def test_a_file_without_a_password(tmp_path: Path, data: bytes | None, problem: str) -> None:
    file = tmp_path / "password"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(ValueError, match=problem):
        read_password(file)


def test_the_line_end_of_a_password_is_no_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes("pä ss\r\n".encode())
    assert "pä ss" == read_password(file)
