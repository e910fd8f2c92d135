"""What `check` warns of about access and secrets."""

from pathlib import Path

import pytest

from app.cli.check_security import security_warnings
from app.settings.loader import load
from tests.support import contacts
from tests.support.password import STRONG_LINE, cheap_line
from tests.support.servers.gateway import run

SOURCE = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'


def warnings(folder: Path, config: str) -> list[str]:
    (folder / "gateway.toml").write_text(config, encoding="utf-8")
    return list(security_warnings(load(folder / "gateway.toml")))


@pytest.mark.parametrize("network", ["0.0.0.0/0", "128.0.0.0/1", "::/0", "2000::/3"])
def test_networks_of_everybody(tmp_path: Path, network: str) -> None:
    lines = warnings(
        tmp_path,
        f'[access]\nnetworks = ["10.0.0.0/8"]\ntrusted_proxies = ["{network}"]\noperators ='
        f' ["127.0.0.1", "{network}"]\n{SOURCE}[profiles.default]\n[profiles.board]\nrestricted ='
        f' true\nnetworks = ["{network}"]\n[profiles.open]\nnetworks = ["{network}"]\n',
    )
    assert [
        (
            f"access.trusted_proxies: {network} trusts X-Forwarded-For from any client, so any"
            " client can claim any address. Enter the proxy's own address."
        ),
        (
            f"access.operators: {network} shows status and names to any client. Enter the"
            " addresses of the administrators."
        ),
        (
            f"profiles.board.networks: {network} lets any client in, although the profile is"
            " restricted."
        ),
    ] == lines


@pytest.mark.parametrize(
    "proxies, phones, expected",
    [
        ('"172.17.0.0/16"', '"172.16.0.0/12"', ["172.17.0.0/16 includes 65536 addresses"]),
        ('"10.0.0.0/30"', '"10.0.0.0/8"', ["10.0.0.0/30 includes 4 addresses"]),
        ('"10.0.0.5"', '"10.0.0.0/8"', []),
        ('"127.0.0.0/8", "::1"', '"127.0.0.0/8", "::1", "10.0.0.0/8"', []),
        ('"192.168.5.0/24"', '"10.0.0.0/8"', []),
        (
            '"fd00::/64"',
            '"10.0.0.0/8", "fc00::/7"',
            ["fd00::/64 includes 18446744073709551616 addresses"],
        ),
    ],
)
def test_proxies_among_phones(
    tmp_path: Path, proxies: str, phones: str, expected: list[str]
) -> None:
    lines = warnings(
        tmp_path, f"[access]\ntrusted_proxies = [{proxies}]\nnetworks = [{phones}]\n{SOURCE}"
    )
    assert len(expected) == len(lines)
    assert all(
        line.startswith(f"access.trusted_proxies: {start}")
        for start, line in zip(expected, lines, strict=True)
    )


def test_a_proxy_among_the_phones_of_a_profile(tmp_path: Path) -> None:
    lines = warnings(
        tmp_path,
        '[access]\ntrusted_proxies = ["10.9.0.0/24"]\nnetworks = ["192.168.0.0/16"]\n'
        f'{SOURCE}[profiles.default]\n[profiles.lab]\nnetworks = ["10.9.0.0/16"]\n',
    )
    assert 1 == len(lines) and "10.9.0.0/24 includes 256 addresses" in lines[0]


@pytest.mark.parametrize(
    "keys, expected",
    [
        ('connector = "carddav"\nurl = "http://cloud.example.com/"\nusername = "ann"', "http://"),
        ('connector = "carddav"\nurl = "https://cloud.example.com/"\nusername = "ann"', ""),
        ('connector = "carddav"\nurl = "http://127.0.0.1:5232/"\nusername = "ann"', ""),
        ('connector = "carddav"\nurl = "http://localhost:5232/"\nusername = "ann"', ""),
        (
            (
                'connector = "ldap"\nurl = "ldap://ldap.example.com"\nbase_dn = "dc=x"\nbind_dn ='
                ' "cn=reader,dc=x"'
            ),
            "ldap://",
        ),
        (
            (
                'connector = "ldap"\nurl = "ldap://ldap.example.com"\nbase_dn = "dc=x"\nbind_dn ='
                ' "cn=reader,dc=x"\nstarttls = true'
            ),
            "",
        ),
        (
            (
                'connector = "ldap"\nurl = ["ldaps://a.example.com",'
                ' "ldap://b.example.com"]\nbase_dn = "dc=x"\nbind_dn = "cn=reader,dc=x"'
            ),
            "b.example.com",
        ),
    ],
)
def test_passwords_on_plain_connections(tmp_path: Path, keys: str, expected: str) -> None:
    (tmp_path / "gateway.toml").touch(0o600)
    lines = warnings(tmp_path, f'[sources.staff]\n{keys}\npassword = "S3cret"\n')
    assert bool(expected) == bool(lines)
    assert all(
        "travels unencrypted to" in line
        and line.startswith("sources.staff.url: ")
        and "S3cret" not in line
        for line in lines
    )


def test_check_prints_them(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    (tmp_path / "gateway.toml").write_text('[access]\noperators = ["0.0.0.0/0"]\n' + SOURCE)
    for words in (("check",), ("check", "--offline")):
        result = run(*words, cwd=tmp_path)
        assert 0 == result.returncode, result
        assert (
            "warning: line 2: access.operators: 0.0.0.0/0 shows status and names to any client."
            in result.stdout
        )


def secret_file(folder: Path, mode: int) -> Path:
    path = folder / "password.txt"
    path.write_text("S3cret\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "mode, is_told",
    [(0o600, False), (0o400, False), (0o640, False), (0o644, True), (0o666, True), (0o602, True)],
)
def test_secrets_that_others_can_read(tmp_path: Path, mode: int, is_told: bool) -> None:
    path = secret_file(tmp_path, mode)
    config = (
        '[sources.staff]\nconnector = "carddav"\nurl = "https://cloud.example.com/"\nusername ='
        ' "ann"\n'
    )
    lines = warnings(tmp_path, f'{config}password_file = "password.txt"\n')
    expected = (
        f"sources.staff: others may read the secret in {path} (mode {mode:04o}). Type: chmod o="
        f" {path}"
    )
    assert ([expected] if is_told else []) == lines
    (tmp_path / "gateway.toml").chmod(mode)
    lines = warnings(tmp_path, f'{config}password = "S3cret"\n')
    assert is_told == bool(lines) and all(
        "gateway.toml holds a password" in line and "S3cret" not in line for line in lines
    )


def test_a_configuration_without_secrets_may_be_read(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").touch(0o644)
    assert [] == warnings(tmp_path, SOURCE)


def test_a_token_that_others_can_read(tmp_path: Path) -> None:
    (tmp_path / "token.json").touch()
    (tmp_path / "token.json").chmod(0o644)
    lines = warnings(
        tmp_path,
        '[sources.staff]\nconnector = "google"\ntoken_file = "token.json"\nclient_file ='
        ' "client.json"\n',
    )
    assert 1 == len(lines) and "token.json" in lines[0]


def test_a_secret_file_without_an_end_is_refused(tmp_path: Path) -> None:
    keys = (
        '[sources.staff]\nconnector = "carddav"\nurl = "https://cloud.example.com/"\nusername ='
        ' "ann"\npassword_file = "/dev/zero"\n'
    )
    (tmp_path / "gateway.toml").write_text(keys)
    result = run("check", "--offline", cwd=tmp_path)
    assert 1 == result.returncode and "holds more than 64 kB" in result.stderr


@pytest.mark.parametrize(
    "content, expected",
    [
        (None, "cannot be used (it cannot be read: No such file or directory), so nobody can open"),
        ("S3cret\n", "cannot be used (it does not hold a line of directory-gateway hash-password)"),
        (cheap_line(), "can be guessed fast from its line"),
        (STRONG_LINE, ""),
    ],
)
def test_the_file_of_the_operators_password(
    tmp_path: Path, content: str | None, expected: str
) -> None:
    path = tmp_path / "operators"
    config = f'[access]\noperator_password_file = "operators"\n{SOURCE}'
    if content is not None:
        path.write_text(content)
        path.chmod(0o600)
    shown = warnings(tmp_path, config)
    assert bool(expected) == bool(shown)
    assert all(line.startswith("access.operator_password_file: ") for line in shown)
    assert expected in " ".join(shown) and "S3cret" not in str(shown)
    if content is not None:
        path.chmod(0o644)
        (line,) = set(warnings(tmp_path, config)) - set(shown)
        assert line == (
            f"access.operator_password_file: others may read {path} (mode 0644). Type: chmod o="
            f" {path}"
        )


def test_a_password_lets_operators_be_more(tmp_path: Path) -> None:
    keys = '[access]\noperators = ["0.0.0.0/0"]\noperator_password_file = "operators"\n'
    (tmp_path / "operators").write_text(STRONG_LINE)
    (tmp_path / "operators").chmod(0o600)
    (line,) = warnings(tmp_path, keys + SOURCE)
    assert line == (
        "access.operators: 0.0.0.0/0 lets any client guess the operators' password. Enter the"
        " addresses of the administrators."
    )
    assert [] == warnings(tmp_path, keys.replace("0.0.0.0/0", "10.0.0.0/8") + SOURCE)
