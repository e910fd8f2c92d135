"""Errors of PostgreSQL as sentences for an administrator, without values of parameters."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

# libpq gives no code for what happens before a session begins.
_BEFORE_A_SESSION = {
    "authentication failed": "Check password_file and the role under [exchange]",
    "pg_hba.conf": "Let this host in by a line of the server's pg_hba.conf; if there is one with"
    " hostssl, set sslmode=verify-full in url under [exchange]",
    "certificate verify failed": "sslrootcert in url under [exchange] must name the authority that"
    " issued the server's certificate, which must not have expired",
    "does not match host name": "Write a name that the certificate has into url under [exchange],"
    " or give the server a certificate for this one",
    "root certificate file": "sslrootcert in url under [exchange] must name the file of the"
    " server's authority, or be system",
    "does not support SSL": "Set ssl = on in the server's postgresql.conf",
}
_BY_CODE = {
    "42501": "Its role must own the database, and in it the schema directory_gateway with all"
    ' tables. "Rights of the role" in docs/several-machines.md has the commands',
    "3F000": "The database was emptied: the tables are made again",
    "42P01": "The database was emptied: the tables are made again",
    "25006": "It is a replica: name all servers in url, with target_session_attrs=read-write",
    "53100": "Make room on its disk",
    "55P03": "Another session, of a host or of an administrator, keeps what it needs locked. It is"
    " tried again",
    "25P03": "This host stood still in the middle of a transaction, so that the server ended it. It"
    " is tried again",
}
_OTHERWISE = "Check that the server runs, and url under [exchange]"
# psycopg lists its attempts if url names several servers, or a name has several addresses.
_ATTEMPT = re.compile(r"^- host: '?(.*?)'?, port: \S+ hostaddr: \S+ (.*)", re.MULTILINE)
_PREFIX = re.compile(r"connection (failed|is bad): ")


def sentence(error: "psycopg.Error", servers: str) -> str:
    """Return what happened and what to do. `servers` are the hosts that url names."""
    text = (error.diag.message_primary or _reasons(str(error), servers)).rstrip(".")
    advice = _BY_CODE.get(error.sqlstate or "", "")
    if not advice:
        found = (known for words, known in _BEFORE_A_SESSION.items() if words in text)
        advice = next(found, _OTHERWISE)
    return f"the exchange failed: {text}. {advice}."


def _reasons(text: str, servers: str) -> str:
    """Return what a text of libpq says, without its advice in further lines."""
    attempts = _ATTEMPT.findall(text) or [(servers, text.partition("\n")[0])]
    reasons = ((host, _PREFIX.sub("", reason.strip())) for host, reason in attempts)
    return "; ".join(
        reason if "server " in reason else f"{host}: {reason}" for host, reason in reasons
    )
