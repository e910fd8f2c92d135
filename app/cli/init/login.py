"""Ask for a login, and for what an encrypted connection may need."""

import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from app.cli.init.config_text import Key, Secret, path_value
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer, WrongUsage
from app.cli.init.file_source import existing_file
from app.settings.secret_reader import MAX_SECRET

_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password, and how the configuration holds them.

    `key` names an existing file with the password. `secret` is for a file to write.
    Both are None without a login.
    """

    username: str
    password: str = field(default="", repr=False)
    key: Key | None = None
    secret: Secret | None = None

    def keys(self) -> tuple[Key, ...]:
        """Return the key of an existing file with the password, if there is one."""
        return () if self.key is None else (self.key,)


def ask_for_login(
    dialogue: Dialogue, question: Question, file_name: str, folder: Path, hint: str = ""
) -> Login:
    """Return the login that a person types; without a name there is none.

    `question` is the one for the name. `file_name` is that of the secret in `folder`.
    """
    username = dialogue.ask(question)
    if not username:
        return Login("")
    given = dialogue.known(Question("password_file", "", check=_password_file))
    if given and given != _STANDARD_INPUT:
        # It counts once: after a wrong password another one is typed.
        dialogue.forget("password_file")
        content = Path(given).read_text(encoding="utf-8")
        key = Key("password_file", path_value(Path(given), folder))
        return Login(username, content.rstrip("\r\n"), key)
    if given:
        dialogue.forget("password_file")
        try:
            password = _password(sys.stdin.readline())
        except WrongAnswer as error:
            raise WrongUsage((f"--password-file: {error}",)) from error
    else:
        text = f"Password{hint} (it is not shown)"
        password = dialogue.ask(Question("password", text, None, _password, is_secret=True))
    secret = Secret(
        Key("password_file", file_name),
        Key("password", password),
        lambda: f"{password}\n".encode(),
    )
    return Login(username, password, secret=secret)


def authority(dialogue: Dialogue) -> Path | None:
    """Return the file of the certificate authority that was named, or None."""
    found = dialogue.known(_AUTHORITY)
    return Path(found) if found else None


def ask_for_authority(dialogue: Dialogue) -> None:
    """Ask which authority to trust, after a certificate was refused."""
    dialogue.ask(_AUTHORITY)


def secret_or_none(password: str) -> SecretStr | None:
    """Return a password as connectors take it; None for ""."""
    return SecretStr(password) if password else None


def _password(answer: str) -> str:
    password = answer.rstrip("\r\n")
    if not password or any(unicodedata.category(char) == "Cc" for char in password):
        raise WrongAnswer("The password is empty or holds a control character.")
    return password


def _password_file(answer: str) -> str:
    if answer == _STANDARD_INPUT:
        return answer
    path = existing_file(answer)
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_SECRET + 1)
        _password(data.decode("utf-8"))
    except OSError as error:
        raise WrongAnswer(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise WrongAnswer(f"{path} is not UTF-8.") from error
    if len(data) > MAX_SECRET:
        raise WrongAnswer(f"{path} is too long for a password.")
    return path


def _pem_file(answer: str) -> str:
    if not answer:
        return ""
    path = existing_file(answer)
    try:
        is_pem = b"-----BEGIN CERTIFICATE-----" in Path(path).read_bytes()
    except OSError as error:
        raise WrongAnswer(f"{path} cannot be read ({error.strerror}).") from error
    if not is_pem:
        raise WrongAnswer(
            f"{path} holds no certificate in PEM form. Convert it: openssl x509 -inform der -in"
            f" {path} -out ca.pem"
        )
    return path


_AUTHORITY = Question(
    "ca_file",
    "The PEM file of the authority that signed it (ca_file; Enter: none)",
    "",
    _pem_file,
)
