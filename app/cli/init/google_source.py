"""Ask for the file of a Google project, and sign in with it."""

from pathlib import Path

import msgspec

from app.cli.init.config_text import Key, Secret, SourceDraft, path_value
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer, WrongUsage
from app.cli.init.file_source import existing_file
from connectors.google.connector import GoogleConnector

_NAME = "google"
TOKEN_FILE = "google-token.json"  # noqa: S105 - the name of a file

_SERVICE_ACCOUNT = "service_account"
_SIGN_IN = "sign-in-"


class _AnyFile(msgspec.Struct):
    """What tells the kinds of Google's files apart."""

    type: str = ""
    installed: msgspec.Raw = msgspec.Raw(b"")


def ask_for_google(dialogue: Dialogue, folder: Path, workshop: Path) -> SourceDraft:
    """Return the section of a Google account.

    `workshop` is a private folder, in which a sign-in is kept until it is written.
    Raises SourceError if the sign-in fails.
    """
    question = Question(
        "file",
        "The JSON file of your project: an OAuth client or a service account"
        " (docs/connectors/google.md shows how to get it)",
        check=_google_file,
    )
    path = Path(dialogue.ask(question))
    value = path_value(path, folder)
    if _kind(path) == _SERVICE_ACCOUNT:
        subject = dialogue.ask(
            Question("subject", "The address of the person whose contacts are read", check=_mail)
        )
        keys = (Key("service_account_file", value), Key("subject", subject))
        return SourceDraft(_NAME, "google", keys)
    if not dialogue.is_asking:
        raise WrongUsage(("--file: an OAuth client needs a person who signs in. Leave out --yes.",))
    token = workshop / f"{_SIGN_IN}{path.name}"
    if not token.is_file():
        connector = GoogleConnector(token_file=token, client_file=path)
        # The last line names the file and the next command, which are others here.
        connector.sign_in(echo=lambda line: dialogue.tell(line.partition("; kept in ")[0]))
    secret = Secret(
        Key("token_file", TOKEN_FILE, "of the sign-in: directory-gateway login google renews it"),
        Key("token_file", str(token)),
        token.read_bytes,
    )
    return SourceDraft(_NAME, "google", (Key("client_file", value),), secret=secret)


def forget_sign_ins(workshop: Path) -> None:
    """Delete the sign-ins with which the contacts could not be read."""
    for token in workshop.glob(f"{_SIGN_IN}*"):
        token.unlink()


def _kind(path: Path) -> str:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_AnyFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return _SERVICE_ACCOUNT if found.type == _SERVICE_ACCOUNT else "client" * bool(found.installed)


def _google_file(answer: str) -> str:
    path = existing_file(answer)
    if not _kind(Path(path)):
        raise WrongAnswer(
            f"{path} is neither an OAuth client of the type Desktop app nor the key of a service"
            " account. docs/connectors/google.md shows how to get one."
        )
    return path


def _mail(answer: str) -> str:
    if "@" not in answer:
        raise WrongAnswer('Write an e-mail address, such as "reception@example.com".')
    return answer
