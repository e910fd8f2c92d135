"""Implement the command `hash-password`."""

import getpass
import sys

from app.model.password import MAX_CHARACTERS, TOO_LONG, hash_password

_MAX_BYTES = 4 * MAX_CHARACTERS + 2


def password_line() -> str:
    """Return the line for `operator_password_file`, from a prompt or standard input.

    Raises ValueError if the password cannot be used.
    """
    return hash_password(_ask() if sys.stdin.isatty() else _read()).line


def _ask() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise ValueError("The two are not the same. Nothing was printed.")
    return password


def _read() -> str:
    data = sys.stdin.buffer.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(TOO_LONG)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("The password is not UTF-8.") from error
    password = text.removesuffix("\n").removesuffix("\r")
    if "\n" in password:
        raise ValueError("Standard input has more than one line. Give the password alone.")
    return password
