"""Ask for an LDAP directory, and find its server, its kind and its people."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.cli.init.config_text import Key, SourceDraft, Value, path_value
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer, yes_or_no
from app.cli.init.login import Login, ask_for_login, authority
from app.cli.init.service_records import ServiceHost, find_servers, is_domain
from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.ldap.connection import LoginOptions, Server, parse_url
from connectors.ldap.discovery import RootEntry, read_root
from connectors.ldap.dn import parse_dn
from connectors.ldap.errors import NoTls

_NAME = "staff"
SECRET_FILE = f"{_NAME}.password"

_SERVICE = "ldap"
_SECONDS = 10.0
_PORT, _TLS_PORT = 389, 636
_KINDS = {
    "active-directory": "Active Directory",
    "freeipa": "FreeIPA",
    "389": "389 Directory Server",
    "openldap": "OpenLDAP, or another one with the usual attributes",
}


@dataclass(frozen=True, slots=True)
class _Way:
    """A server and the encryption to reach it with."""

    server: Server
    starttls: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether a password would cross a network unencrypted."""
        return not (self.server.tls or self.starttls or _is_this_machine(self.server.host))


def ask_for_ldap(dialogue: Dialogue, folder: Path) -> SourceDraft:
    """Return the section of an LDAP directory.

    Raises SourceError if no server answers, or it refuses the login.
    """
    before = dialogue.former("url")
    address = dialogue.ask(
        Question(
            "url", "Address of the server, or your domain (example.com)", check=_checked_address
        )
    )
    if before and address != before:
        dialogue.forget("base_dn")
    login = ask_for_login(
        dialogue,
        Question(
            "username",
            "Account that reads: a DN, name@domain or DOMAIN\\name (Enter: without a login)",
            "",
        ),
        SECRET_FILE,
        folder,
    )
    ca_file = authority(dialogue)
    ways, root = _connect(dialogue, address, login, ca_file)
    dialogue.tell(f"{ways[0].server.url} is {_KINDS[root.preset]}.")
    if len(root.bases) > 1:
        dialogue.tell(f"Its branches: {'; '.join(root.bases)}")
    base = dialogue.ask(
        Question(
            "base_dn",
            "The branch with the people (base_dn)",
            root.bases[0] if root.bases else None,
            _checked_dn,
        )
    )
    urls = tuple(way.server.url for way in ways)
    url: Value = urls[0] if len(urls) == 1 else urls
    keys = [
        Key("preset", root.preset, "which attributes are read"),
        Key("url", url),
        *((Key("starttls", True),) if ways[0].starttls else ()),
        Key("bind_dn", login.username, "" if login.username else "reads without a login"),
        *login.keys(),
        Key("base_dn", base),
        *(
            (Key("ca_file", path_value(ca_file, folder), "the authority to trust"),)
            if ca_file
            else ()
        ),
    ]
    return SourceDraft(_NAME, "ldap", tuple(keys), secret=login.secret)


def _checked_address(answer: str) -> str:
    if not answer:
        raise WrongAnswer("Write the address of the server, such as ldaps://dc1.example.com.")
    try:
        parse_url(answer if "://" in answer else f"ldaps://{answer}")
    except ValueError as error:
        raise WrongAnswer(f"{answer}: {error}.") from error
    return answer


def _checked_dn(answer: str) -> str:
    try:
        parse_dn(answer)
    except ValueError as error:
        raise WrongAnswer(f"{error}.") from error
    if not answer:
        raise WrongAnswer("Write a DN, such as ou=people,dc=example,dc=com.")
    return answer


def _ways(address: str) -> Iterator[tuple[_Way, ...]]:
    """Yield the ways to reach each server, the safest first.

    An encrypted address that was typed is taken as it is. So is an unencrypted one of
    this machine.
    """
    if "://" in address:
        server = parse_url(address)
        starttls = () if server.tls or _is_this_machine(server.host) else (_Way(server, True),)
        yield (*starttls, _Way(server))
        return
    parts = urlsplit(f"//{address}")
    host, port = parts.hostname or address, parts.port
    found: tuple[ServiceHost, ...] = ()
    if port is None and is_domain(host):
        found = find_servers(_SERVICE, host)
    for one in found or (ServiceHost(host, port or _PORT),):
        name = f"[{one.host}]" if ":" in one.host else one.host
        tls = "" if port is None else f":{port}"
        plain = "" if one.port == _PORT else f":{one.port}"
        plain_server = parse_url(f"ldap://{name}{plain}")
        yield (
            _Way(parse_url(f"ldaps://{name}{tls}")),
            _Way(plain_server, True),
            _Way(plain_server),
        )


def _connect(
    dialogue: Dialogue, address: str, login: Login, ca_file: Path | None
) -> tuple[tuple[_Way, ...], RootEntry]:
    """Return the servers of the address, beginning with one that answered.

    Its root entry comes with them. A refused login or certificate is raised at once, so
    that no further server gets the login.
    """
    problems: list[str] = []
    servers = tuple(_ways(address))
    for ways in servers:
        for way in ways:
            if way.is_open and login.username and not _may_send_openly(dialogue, way):
                raise SourceRefused(
                    f"{way.server.url} offers no encryption, and the password was not sent."
                )
            how = " with StartTLS" if way.starttls else ""
            dialogue.tell(f"Asking {way.server.url}{how} ...")
            try:
                root = read_root(way.server, _options(way, login, ca_file))
            except (SourceUnavailable, NoTls) as error:
                problems.append(str(error))
                if way.starttls and not isinstance(error, NoTls):
                    # Nothing listens there, so nothing would answer without encryption either.
                    break
                continue
            others = _same_way(servers, way)
            return (way, *others), root
    raise _unreachable(problems)


def _unreachable(problems: list[str]) -> SourceError:
    return SourceUnavailable(" ".join(dict.fromkeys(problems)))


def _same_way(servers: tuple[tuple[_Way, ...], ...], way: _Way) -> tuple[_Way, ...]:
    """Return the other servers of the domain, reached in the same way."""
    return tuple(
        other
        for ways in servers
        for other in ways
        if other.server.host != way.server.host
        and (other.server.tls, other.starttls) == (way.server.tls, way.starttls)
    )


def _options(way: _Way, login: Login, ca_file: Path | None) -> LoginOptions:
    name = (login.username, login.password) if login.username else None
    return LoginOptions(name, way.starttls, ca_file, (), _SECONDS)


def _may_send_openly(dialogue: Dialogue, way: _Way) -> bool:
    question = Question(
        "unencrypted",
        f"{way.server.url} offers no encryption: others on the network can read the password. Send"
        " it all the same? (yes, no)",
        "no",
        yes_or_no,
    )
    return dialogue.ask(question) == "yes"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
