"""Split off what is dialled, or asked for, after a number: extensions, pauses, keys."""

import re

from app.numbers.letters import LETTER
from app.numbers.parsed_number import REMARK
from app.numbers.splitter import WHOLE, count

SIGN = "What follows * or # is not dialled."

EXTENSION_LABEL = re.compile(
    r"(?<![^\W\d_])(?:x|х|extn?|extension|durchwahl|dw|app|apparat|nst|nebenstelle|poste|int"
    r"|interno"
    r"|wew|klapka|linka|ramal|anexo|toestel|доб|ankn|anknytning|lokal|mellék|dahili|extensión"
    r"|extensão|внутр|內線|内線|分机|分機|转|轉|내선)"
    r"(?![^\W\d_]) ?#? ?([0-9]{1,10})(?![0-9])",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;]|[pPwW](?<![^\W\d_][pPwW])(?![^\W\d_])")
_MAX_EXTENSION = 6


def split_extension(text: str) -> tuple[str, str]:
    """Return a text before the label of an extension, and the extension's digits."""
    letter = LETTER.search(text)
    found = EXTENSION_LABEL.search(text, letter.start()) if letter else None
    return (text[: found.start()], found[1]) if found else (text, "")


def split_pause(text: str, warnings: list[str]) -> tuple[str, str]:
    """Return a text before a pause, and the keys behind it with "," for each pause."""
    pause = _PAUSE.search(text)
    if pause is None:
        return text, ""
    keys = re.sub(r"[pw;]", ",", text[pause.start() :].lower())
    if LETTER.search(keys):
        warnings.append(REMARK)
        keys = ""
    keys = re.sub(r"[^0-9*#,]", "", keys)
    return text[: pause.start()], keys if count(keys) else ""


def split_sign(text: str, warnings: list[str]) -> tuple[str, str]:
    """Return a text without a * or # behind a complete number, and a #'s extension.

    What follows the sign is left out too.
    """
    sign = re.search(r"[*#]", text)
    if not sign or text[0] in "*#" or sum(map(str.isalnum, text[: sign.start()])) < WHOLE:
        return text, ""
    behind = "".join(re.findall("[0-9]", text[sign.end() :]))
    is_extension = sign[0] == "#" and 1 <= len(behind) <= _MAX_EXTENSION
    if behind and not is_extension:
        warnings.append(SIGN)
    elif sign[0] == "*":
        warnings.append(REMARK)  # a footnote
    return text[: sign.start()], behind if is_extension else ""
