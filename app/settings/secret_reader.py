"""Read the secrets of a source from its table, from files or from the environment."""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from app.settings.errors import is_secret
from app.settings.validation import PLACEHOLDER
from app.state.file_state import FileState, file_state

MAX_SECRET = 64 * 1024  # bytes


class SecretReader:
    """Reads the secrets of the table `key`, whose model is `kind`.

    Problems are added to `problems`. `files` are the files that were read, with their
    state before that.
    """

    def __init__(self, key: str, kind: type[BaseModel], base: Path, problems: list[str]) -> None:
        self.files: dict[Path, FileState] = {}
        self._key = key
        self._names = [name for name in kind.model_fields if is_secret(kind, name)]
        self._base = base
        self._problems = problems

    def keys(self) -> tuple[str, ...]:
        """Return the keys that the table may hold in place of its secrets."""
        return tuple(f"{name}_{where}" for name in self._names for where in ("file", "env"))

    def is_inline(self, table: dict[str, Any]) -> bool:
        """Return whether a secret stands in the table itself."""
        return any(name in table for name in self._names)

    def resolve(self, table: dict[str, Any]) -> dict[str, Any]:
        """Return the table with every `X_file` and `X_env` replaced by the secret `X`."""
        values = dict(table)
        for name in self._names:
            words = [word for word in (name, f"{name}_file", f"{name}_env") if word in table]
            if len(words) > 1:
                self._problems.append(
                    f"{self._key}: {' and '.join(words)} set the same secret. Keep one."
                )
            for word in words:
                values[name] = self._secret(name, word, values.pop(word))
        return values

    def _secret(self, name: str, word: str, value: object) -> object:
        if word == name:
            return SecretStr(value) if isinstance(value, str) else value
        if not isinstance(value, str):
            self._problems.append(f"{self._key}.{word}: must be text. Put it in quotes.")
            secret = ""
        elif word.endswith("_env"):
            secret = self._from_environment(word, value)
        else:
            secret = self._from_file(word, value)
        # The problem is reported. The placeholder keeps the connector from reporting a missing key.
        return SecretStr(secret or PLACEHOLDER)

    def _from_environment(self, word: str, name: str) -> str:
        secret = os.environ.get(name, "")
        if not secret:
            self._report(word, name, "the environment has no such variable, or it is empty")
        return secret

    def _from_file(self, word: str, name: str) -> str:
        try:
            path = self._base / Path(name).expanduser()
            # The state is taken before the file is read, so a write in between is noticed later.
            self.files[path] = file_state(path)
            with path.open("rb") as file:
                data = file.read(MAX_SECRET + 1)
            secret = data.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            self._report(word, name, "cannot be read (not UTF-8)")
            return ""
        except (OSError, ValueError, RuntimeError) as error:
            # `expanduser` raises RuntimeError for an unknown user.
            reason = getattr(error, "strerror", None) or error
            self._report(word, name, f"cannot be read ({reason})")
            return ""
        if len(data) > MAX_SECRET:
            limit = f"{MAX_SECRET // 1024} kB"
            self._report(word, name, f"holds more than {limit}, which is no secret. Check the path")
            return ""
        if not secret:
            self._report(word, name, "the file is empty")
        return secret

    def _report(self, word: str, value: str, problem: str) -> None:
        self._problems.append(f'{self._key}.{word} = "{value}": {problem}.')
