"""Translate LDAP result codes into exceptions with messages for an administrator.

Result codes are those of RFC 4511, appendix A. Messages of a server are never repeated:
a diagnostic message may name a person.
"""

import re

from connectors.base import SourceError, SourceRefused, SourceUnavailable

ADMIN_LIMIT = 11
NO_SUCH_OBJECT = 32
_INVALID_CREDENTIALS = 49

_AD_DATA = re.compile(r"\bdata ([0-9a-fA-F]+)\b")

# Active Directory gives details in the diagnostic message of code 49: "data 52e" and so on,
# hexadecimal Windows error codes (MS-ERREF 2.2). They are 525 no such user, 52e wrong password, 530
# not at this hour, 531 not from this computer, 532 password expired, 533 account disabled, 701
# account expired, 773 password must be changed, 775 locked out.
_AD_LOGIN = {
    "525": "there is no such account. Check bind_dn (a DN, name@domain or DOMAIN\\name)",
    "52e": "the password is wrong (or bind_dn names no account). Check bind_dn and password",
    "530": "the account may not log in at this hour. Ask its administrator, or use another bind_dn",
    "531": (
        "the account may not log in from this computer. Ask its administrator, or use another"
        " bind_dn"
    ),
    "532": "the password has expired. Set a new one, and let it never expire, then change password",
    "533": "the account is disabled. Enable it, or use another bind_dn",
    "701": "the account has expired. Extend it, or use another bind_dn",
    "773": (
        "the password must be changed before the first use. Set it without that option, then change"
        " password"
    ),
    "775": "the account is locked after wrong passwords. Unlock it, and check password",
}

# Active Directory answers code 8 to logins that it wants encrypted. OpenLDAP answers code 48 to
# anonymous binds that it forbids.
_LOGIN = {
    2: "it does not understand this login. Check that url names an LDAP (version 3) server",
    7: "it takes no login by name and password. Ask its administrator for an account that may bind",
    8: "it wants the login encrypted. Use ldaps:// in url, or starttls = true",
    13: "it wants an encrypted connection. Use ldaps:// in url, or starttls = true",
    34: "bind_dn is not a name that it understands. Write a DN such as cn=reader,dc=example,dc=com",
    48: (
        "it refuses this kind of login (anonymous ones may be switched off). Set bind_dn and"
        " password"
    ),
    49: "bind_dn or password is wrong, or the account is locked or expired",
    50: "the account in bind_dn may not log in. Ask the directory's administrator",
    53: (
        "it is unwilling to take this login (disabled, or wanted encrypted). Check bind_dn, or use"
        " ldaps:// in url"
    ),
}

# OpenLDAP answers code 53 to paging that it forbids, and code 11 to pages that are too large.
_SEARCH = {
    2: "it does not understand the search. Check filter",
    4: (
        "it stopped at its size limit, so the list would have holes. Let its administrator raise"
        " the limit for bind_dn, or narrow filter"
    ),
    8: (
        "it wants a login, or an encrypted one. Set bind_dn and password, and use ldaps:// in url"
        " or starttls = true"
    ),
    10: (
        "the entries of base_dn lie on another server. Put that server into url, or choose another"
        " base_dn"
    ),
    11: (
        "an administrative limit was reached (or paged results are switched off), so the list would"
        " have holes. Let its administrator lift it for bind_dn, or narrow filter"
    ),
    12: (
        "it cannot send a list in pages, so a long one would have holes. Let its administrator"
        " allow paged results for bind_dn"
    ),
    13: "it wants an encrypted connection. Use ldaps:// in url, or starttls = true",
    16: "an entry has no such attribute. Check attributes",
    17: "it does not know an attribute. Check attributes and filter",
    18: "it cannot compare an attribute in this way. Check filter",
    21: "a value does not fit its attribute. Check filter",
    32: (
        "there is nothing by the name in base_dn, or the account may not see it. Check base_dn, and"
        " the rights of bind_dn"
    ),
    34: "base_dn is not a name that it understands. It looks like ou=people,dc=example,dc=com",
    48: "anonymous reading is switched off. Set bind_dn and password",
    49: "the login is no longer valid. Check bind_dn and password",
    50: (
        "the account may not read there. Let the directory's administrator grant it, or check"
        " bind_dn and base_dn"
    ),
    53: (
        "it is unwilling to do the search (it may want a login, or forbid pages). Set bind_dn, or"
        " ask its administrator"
    ),
}

_LATER = {
    3: (
        "it ran out of the time that it allows for a search, so the list would have holes. It may"
        " want an index for filter"
    ),
    51: "it is busy",
    52: "it is not available now",
    80: "it failed while searching, so the list would have holes",
}


class UntrustedServer(SourceRefused):
    """The server's certificate does not prove its identity.

    Another server of the list may be good.
    """


class NoTls(SourceRefused):
    """The server offers no encryption in this way, so nothing secret was sent."""


def login_refused(url: str, code: int, diagnosis: str) -> SourceError:
    """Return the error for a bind or StartTLS with a result code other than success."""
    data = _AD_DATA.search(diagnosis)
    if (
        code == _INVALID_CREDENTIALS
        and data is not None
        and (detail := _AD_LOGIN.get(data[1].lower()))
    ):
        return SourceRefused(
            f"{url} refused the login (error 49, data {data[1].lower()}): {detail}."
        )
    if code in _LOGIN:
        return SourceRefused(f"{url} refused the login (error {code}): {_LOGIN[code]}.")
    return SourceUnavailable(
        f"{url} could not do the login (error {code}){_reason(code)}. It is tried again."
    )


def search_refused(url: str, code: int, diagnosis: str) -> SourceError:
    """Return the error for a search with a result code other than success.

    Nothing that was read so far may be used.
    """
    # Active Directory answers code 1 ("a successful bind must be completed") to searches without a
    # login.
    if code == 1 and "bind must be completed" in diagnosis:
        return SourceRefused(
            f"{url} wants a login before it answers (error 1): set bind_dn and password."
        )
    if code in _SEARCH:
        return SourceRefused(f"{url} did not give the whole list (error {code}): {_SEARCH[code]}.")
    return SourceUnavailable(
        f"{url} did not give the whole list (error {code}){_reason(code)}. It is tried again."
    )


def start_tls_refused(url: str, code: int) -> SourceError:
    """Return the error for a server that refuses StartTLS."""
    if code in _LATER:
        return SourceUnavailable(
            f"{url} could not start TLS (error {code}){_reason(code)}. It is tried again."
        )
    return NoTls(
        f"{url} does not offer StartTLS (error {code}): use ldaps:// in url without starttls, or"
        " let TLS be set up."
    )


def _reason(code: int) -> str:
    return f": {_LATER[code]}" if code in _LATER else ""
