"""Ask for a CardDAV account, and find its server and its address books."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.cli.init.config_text import Key, SourceDraft, path_value
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer
from app.cli.init.login import Login, ask_for_login, authority, secret_or_none
from app.cli.init.service_records import find_path, find_servers, is_domain
from connectors.base import SourceError, SourceUnavailable
from connectors.carddav.connector import Url
from connectors.carddav.discovery import choose_books, discover, list_books
from connectors.http_client.exchange import ServerOptions
from connectors.http_client.responses import NotFound
from connectors.http_client.session import Session

_NAME = "contacts"
SECRET_FILE = f"{_NAME}.password"

_SERVICE = "carddavs"
_HTTPS = 443
_SECONDS = 15.0
_URL: TypeAdapter[str] = TypeAdapter(Url)


def ask_for_carddav(dialogue: Dialogue, folder: Path) -> SourceDraft:
    """Return the section of a CardDAV account.

    Raises SourceError if no server answers or the login is refused.
    """
    address = dialogue.ask(
        Question(
            "url", "Address of the server, or your e-mail address (url)", check=_checked_address
        )
    )
    login = ask_for_login(
        dialogue,
        Question(
            "username", "User name (Enter: without a login)", address if _is_mail(address) else ""
        ),
        SECRET_FILE,
        folder,
        "; an app password where two-factor login is on",
    )
    ca_file = authority(dialogue)
    url, books = _find_books(dialogue, address, login, ca_file)
    dialogue.tell(f"{url}: {', '.join(books)}")
    keys = [Key("url", url)]
    if login.username:
        keys.append(Key("username", login.username))
    keys += login.keys()
    if ca_file is not None:
        keys.append(Key("ca_file", path_value(ca_file, folder), "the authority to trust"))
    remark = f"{Key('books', books).line()}  # default: all, these and later ones"
    return SourceDraft(_NAME, "carddav", tuple(keys), (remark,), secret=login.secret)


def _is_mail(address: str) -> bool:
    return "@" in address and "://" not in address


def _checked_address(answer: str) -> str:
    if _is_mail(answer):
        if not is_domain(answer.rpartition("@")[2]):
            raise WrongAnswer('This is no e-mail address: it looks like "ann@example.com".')
        return answer
    if not answer:
        raise WrongAnswer("Write the address of the server, such as cloud.example.com.")
    if "://" not in answer and is_domain(answer):
        return answer
    try:
        return _URL.validate_python(answer)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise WrongAnswer(f"The address cannot be used ({reason}).") from error


def _addresses(address: str) -> tuple[str, ...]:
    """Return the URLs to try, the likeliest first (RFC 6764, section 6)."""
    if "://" in address:
        return (address,)
    domain = address.rpartition("@")[2]
    found = []
    servers = find_servers(_SERVICE, domain)
    if servers:
        path = find_path(_SERVICE, domain)
        for server in servers:
            port = "" if server.port == _HTTPS else f":{server.port}"
            found.append(f"https://{server.host}{port}{path}")
    # The connector itself looks at /.well-known/carddav.
    return tuple(dict.fromkeys((*found, f"https://{domain}/")))


def _find_books(
    dialogue: Dialogue, address: str, login: Login, ca_file: Path | None
) -> tuple[str, tuple[str, ...]]:
    """Return the address that leads to address books, and their names."""
    problems: list[SourceError] = []
    for url in _addresses(address):
        dialogue.tell(f"Looking for address books at {url} ...")
        options = ServerOptions(
            url, login.username, secret_or_none(login.password), timeout=_SECONDS, ca_file=ca_file
        )
        try:
            with Session(options) as session:
                books = list_books(session, discover(session, url))
            return url, tuple(book.name for book in choose_books(books or (), (), url))
        except (SourceUnavailable, NotFound) as error:
            # Any other refusal is for a person: another server must not get the login as well.
            problems.append(error)
    if len(problems) == 1:
        raise problems[0]
    raise SourceUnavailable(" ".join(map(str, problems))) from problems[0]
