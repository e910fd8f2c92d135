"""Let operators in by their password: sessions of browsers, and HTTP Basic.

A new password counts at once, without a reload. Passwords are verified in a thread of
their own, one at a time, so that no phone waits for it.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.logs import Log
from app.model.networks import Address
from app.model.password import PasswordHash
from app.settings.operator_password import read_operator_password
from app.state.file_state import FileState, file_state
from app.state.login_attempts import LoginAttempts
from app.state.session_key import FILE, read_session_key
from app.web.access import Visitor
from app.web.asgi import Scope
from app.web.login_rules import Login, find_login
from app.web.refusals import (
    INSECURE_LOGIN,
    LOG_IN_FIRST,
    NO_PASSWORD,
    TOO_MANY_LOGINS,
    WRONG_PASSWORD,
    Refusal,
    lead_to_login,
    too_many_guesses,
)
from app.web.session import read_cookies, session_id, session_key

MAX_WAITING = 10
"""Passwords that may wait to be verified, for each worker."""
BASIC_SESSION = "basic"
"""The session id of a login by HTTP Basic, which has no session that could end."""
_BASIC = b"basic "
_CHALLENGE = (b"www-authenticate", b'Basic realm="directory gateway", charset="UTF-8"')
_log = Log("web")


@dataclass(frozen=True, slots=True)
class _Password:
    """What the files hold; `hash` is None if the password cannot be used."""

    states: tuple[FileState, FileState]
    hash: PasswordHash | None = None
    key: bytes = b""


class OperatorLogin:
    """Knows the operators' password of one file.

    `spare_key` signs sessions if `state_dir` can keep no key.
    """

    def __init__(
        self,
        file: Path,
        state_dir: Path,
        attempts: LoginAttempts,
        spare_key: bytes,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file = file
        self._state_dir = state_dir
        self._attempts = attempts
        self._spare_key = spare_key
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "login")
        self._waiting = 0
        self._verified = b""
        self._password = self._read(self._states())

    async def check(
        self, scope: Scope, headers: dict[bytes, bytes], who: Visitor, *, is_secure: bool
    ) -> Refusal | None:
        """Return why an operator may not open a page without a login, or None.

        `scope` gets the "session_id" of the operator, which is "" for the login itself
        and for what needs none.
        """
        loop = asyncio.get_running_loop()
        password = await loop.run_in_executor(None, self._current)
        now = self._clock()
        ids = (session_id(password.key, value, now) for value in read_cookies(scope["headers"]))
        session = next(filter(None, ids), "") if password.hash is not None else ""
        scope["session_id"] = session
        path: str = scope["path"]
        login = find_login(
            path,
            scope["method"],
            local=who.local,
            has_session=session != "",
            has_basic=headers.get(b"authorization", b"").lower().startswith(_BASIC),
            is_secure=is_secure,
            wants_html=b"text/html" in headers.get(b"accept", b""),
        )
        match login:
            case Login.NONE:
                return None
            case _ if password.hash is None:
                return NO_PASSWORD
            case Login.FORM:
                return lead_to_login(path, scope["query_string"].decode("latin-1"))
            case Login.INSECURE:
                return INSECURE_LOGIN
            case Login.REFUSED:
                return _challenged(LOG_IN_FIRST) if is_secure else LOG_IN_FIRST
        found = await self.verify(who.address, _basic_password(headers[b"authorization"]))
        if isinstance(found, Refusal):
            return _challenged(found) if found is WRONG_PASSWORD else found
        scope["session_id"] = BASIC_SESSION
        return None

    async def verify(self, address: Address | None, password: str) -> bytes | Refusal:
        """Return the key that signs sessions if a password is right, else a refusal."""
        if self._waiting >= MAX_WAITING:
            return TOO_MANY_LOGINS
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._verify, address, password)
        finally:
            self._waiting -= 1

    def _verify(self, address: Address | None, password: str) -> bytes | Refusal:
        current = self._current()
        if current.hash is None:
            return NO_PASSWORD
        wait = self._attempts.begin(address)
        if wait:
            return too_many_guesses(wait)
        # A program sends its password with each request. scrypt runs for the first one only.
        digest = hmac.new(current.key, password.encode("utf-8", "replace"), hashlib.sha256).digest()
        if not hmac.compare_digest(digest, self._verified):
            if not current.hash.verify(password):
                _log.warning("login_refused", address=str(address), reason="wrong password")
                return WRONG_PASSWORD
            self._verified = digest
        self._attempts.forget(address)
        return current.key

    def _current(self) -> _Password:
        """Return what the files hold now."""
        states = self._states()
        if states != self._password.states:
            self._password = self._read(states)
        return self._password

    def _states(self) -> tuple[FileState, FileState]:
        return file_state(self._file), file_state(self._state_dir / FILE)

    def _read(self, states: tuple[FileState, FileState]) -> _Password:
        try:
            found = read_operator_password(self._file)
        except ValueError as error:
            _log.error("operator_password_unusable", file=str(self._file), error=str(error))
            return _Password(states)
        try:
            secret = read_session_key(self._state_dir)
        except OSError as error:
            # Sessions then end with the gateway.
            _log.warning("session_key_not_kept", error=error.strerror or str(error))
            secret = self._spare_key
        return _Password(states, found, session_key(secret, found.line))


def _challenged(refusal: Refusal) -> Refusal:
    return Refusal(refusal.status, refusal.line, (*refusal.headers, _CHALLENGE))


def _basic_password(value: bytes) -> str:
    """Return the password of an Authorization header, "" if it has none (RFC 7617)."""
    try:
        pair = base64.b64decode(value[len(_BASIC) :].strip(), validate=True)
    except binascii.Error:
        return ""
    return pair.partition(b":")[2].decode("utf-8", "replace")
