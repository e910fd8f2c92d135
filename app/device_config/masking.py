"""Hide passwords in the text of a file before anything else looks at it.

Whatever is reported about a file is taken from the masked text, so that no password can
be in it. A masked text has the lines of the original.
"""

import re

# Elements such as authPassword, sshPassword, phonePassword, adminPassword and vpn's pswd.
_NAME = r"[\w.-]*(?:passw(?:or)?d|pswd|passphrase|secret|psk|pin)"
_OPENING = re.compile(rf"<({_NAME})(\s[^<>]*)?>(?<!/>)", re.IGNORECASE)
_ATTRIBUTE = re.compile(rf"""(\s{_NAME}\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_LOGIN = re.compile(r"(:)([^\s/<>@:]+)(@)")
_PARAMETER = re.compile(
    rf"((?<![\w.-])(?:{_NAME}|\b(?:pass|pwd|token|key))=)([^&;<>\"'\s]+)", re.IGNORECASE
)
# What stands before a closing tag whose opening tag is damaged.
_CLOSING = re.compile(rf"</{_NAME}\s*>", re.IGNORECASE)
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
# The samples of guides have "[SIP Password]" in the places to fill in.
_PLACEHOLDER = re.compile(r"\s*\[[\w .-]*\]\s*")
_SIGN = re.compile("<|-->")
HIDDEN = "*"


def mask(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text with its passwords hidden, and where one must be escaped.

    The places are offsets of elements whose password has "<", or "&" alone.
    """
    parts: list[str] = []
    unescaped = []
    position = 0
    while (opening := _OPENING.search(text, position)) is not None:
        end, is_closed = _end(text, opening.end(), opening[1])
        password = text[opening.end() : end]
        if "<" in password or _BARE.search(password) or not is_closed:
            unescaped.append(opening.start())
        parts.append(text[position : opening.end()])
        parts.append(_kept(password))
        position = end
    masked = "".join(parts) + text[position:]
    masked = _ATTRIBUTE.sub(
        lambda found: found[1] + found[2][0] + _hidden(found[2][1:-1]) + found[2][0], masked
    )
    masked = _LOGIN.sub(lambda found: found[1] + _hidden(found[2]) + found[3], masked)
    masked = _mask_before_closings(masked)
    masked = _PARAMETER.sub(lambda found: found[1] + _hidden(found[2]), masked)
    return masked, tuple(unescaped)


def _end(text: str, start: int, name: str) -> tuple[int, bool]:
    """Return where the content of an element ends, and whether it is closed there."""
    closing = re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE)
    sign_found = _SIGN.search(text, start)
    if sign_found is None:
        return len(text), False
    sign = sign_found.start()
    if closing.match(text, sign):
        return sign, True
    # A password with "<" ends with its line, if nothing better tells where.
    line_end = text.find("\n", sign)
    line_end = len(text) if line_end < 0 else line_end
    found = closing.search(text, sign, line_end)
    if found is not None:
        return found.start(), True
    if sign_found[0] == "-->":
        return sign, False
    following = text.find("<", line_end)
    if following >= 0 and closing.match(text, following):
        return following, True
    return line_end, False


def _mask_before_closings(text: str) -> str:
    parts, position = [], 0
    for closing in _CLOSING.finditer(text):
        start = max(text.rfind(sign, position, closing.start()) for sign in "<>\n") + 1
        start = max(start, position)
        for prefix in ("!--", "![CDATA["):
            if text.startswith(prefix, start):
                start += len(prefix)
        parts += [text[position:start], _kept(text[start : closing.start()]), closing[0]]
        position = closing.end()
    return "".join(parts) + text[position:]


def _kept(password: str) -> str:
    return password if _PLACEHOLDER.fullmatch(password) else _hidden(password)


def _hidden(text: str) -> str:
    # The end of a comment stays, so that a password that is never closed hides no more than itself.
    return re.sub(r"-->|[^\n]", lambda found: found[0] if len(found[0]) > 1 else HIDDEN, text)
