"""Prove that a rendered page obeys the rules, fast enough for every page of a build.

Almost every page is accepted by one regular expression, made of the limits of
`cisco_rules`. A page that it does not match is read by the strict phone, which accepts
it or says what is wrong.
"""

import re
from functools import lru_cache

from app.model.screens import Dialect, ScreenError
from app.phones.cisco_rules import (
    ENTRY_LIMIT,
    ENTRY_NAME_LIMIT,
    FIELD_LIMIT,
    INPUT_LIMIT,
    ITEM_LIMIT,
    ITEM_NAME_LIMIT,
    KEY_NAME_LIMIT,
    NUMBER_LIMIT,
    PAGE_LIMIT,
    PATH_LIMIT,
    PROMPT_LIMIT,
    SOFTKEY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Breaches,
    UnreadablePage,
)
from app.phones.strict.judge import OpenedPage, Setting, check_page
from app.phones.strict.models import CP_860, CP_6945, CP_7821, CP_7942G, CP_8875, Model
from app.phones.strict.objects import (
    DirectoryObject,
    InputObject,
    MenuItem,
    MenuObject,
    PhoneObject,
    SoftKey,
    TextObject,
)
from app.phones.strict.response import Answer
from app.phones.strict.schema import read_object
from app.phones.strict.softkeys import check_softkeys

# Of further characters that are odd, `is_plain` sees to it: a long list here would cost more.
_ODD = r"<>&\"'\x00-\x09\x0b-\x1f\x7f-\xa0"
_ESCAPED = "&(?:amp|lt|gt|quot|apos);"


def _text(limit: int, excluded: str = r"\n") -> str:
    """Return the pattern of a text with at most `limit` characters before escaping.

    First comes the commonest case, a text without escapes, and at last the slowest.
    """
    plain = f"[^{_ODD}{excluded}]"
    return (
        rf"(?! )(?:{plain}{{1,{limit}}}+(?=<)"
        rf"|(?=[^<]{{1,{limit}}}<){plain}*+(?:{_ESCAPED}{plain}*+)*+(?=<)"
        rf"|(?:{plain}|{_ESCAPED}){{1,{limit}}}+)(?<! )"
    )


# A host of at most 93 characters leaves room for the path. What is longer or odder, or escaped
# twice, is left to the strict phone.
_SIGNS = r"[A-Za-z0-9\-._~:/?@!$()*+,;=]*+"
_OTHER_SIGNS = "%[0-9A-Fa-f]{2}|&amp;(?!(?:amp|lt|gt|quot|apos);)"
_LINK = (
    r"http://(?:[A-Za-z0-9.-]{1,93}+|\[[0-9A-Fa-f:.]{2,45}+\])(?::[1-9][0-9]{0,3}+)?+"
    rf"(?=/[^<]{{0,{PATH_LIMIT - 1}}}<)(?![^<]*(?:name|locale)=)"
    rf"{_SIGNS}(?:(?:{_OTHER_SIGNS}){_SIGNS})*+"
)
_DIALLED = rf"\+?+[0-9*#,]{{1,{NUMBER_LIMIT - 1}}}+"
_PROLOG = r'<\?xml version="1\.0" encoding="([a-z0-9-]+)"\?>\n'
_SOFTKEY = (
    rf"<SoftKeyItem><Name>{_text(KEY_NAME_LIMIT)}</Name><Position>[1-8]</Position>"
    rf"<URL>(?:{_LINK}|SoftKey:[A-Za-z]++)</URL></SoftKeyItem>\n"
)
_HEAD = (
    rf"<Title>{_text(TITLE_LIMIT)}</Title>\n(?:<Prompt>{_text(PROMPT_LIMIT)}</Prompt>\n)?+"
    rf"((?:{_SOFTKEY}){{0,{SOFTKEY_LIMIT}}}+)"
)
_ENTRY = (
    rf"<DirectoryEntry><Name>{_text(ENTRY_NAME_LIMIT)}</Name>"
    rf"<Telephone>{_DIALLED}</Telephone></DirectoryEntry>\n"
)


def _items(uri: str) -> str:
    item = rf"<MenuItem><Name>{_text(ITEM_NAME_LIMIT)}</Name><URL>{uri}</URL></MenuItem>\n"
    return rf"(?:{item}){{1,{ITEM_LIMIT}}}+"


_FIELD = (
    rf"<InputItem><DisplayName>{_text(FIELD_LIMIT)}</DisplayName>"
    r"<QueryStringParam>[a-z]</QueryStringParam><InputFlags>[AT]</InputFlags>"
    rf"<DefaultValue>(?:{_text(FIELD_LIMIT)})?+</DefaultValue></InputItem>\n"
)
_CONTENT = {
    "Directory": rf"{_HEAD}(?:{_ENTRY}){{1,{ENTRY_LIMIT}}}+",
    "Menu": rf"{_HEAD}(?:{_items(_LINK)}|{_items(f'Dial:{_DIALLED}')})",
    "Text": rf"{_HEAD}<Text>{_text(TEXT_LIMIT, '')}</Text>\n",
    "Input": rf"{_HEAD}<URL>{_LINK}</URL>\n(?:{_FIELD}){{1,{INPUT_LIMIT}}}+",
    "Execute": rf'()<ExecuteItem Priority="0" URL="Dial:{_DIALLED}"/>\n',
}
_PAGES = {
    kind: re.compile(rf"{_PROLOG}<CiscoIPPhone{kind}>\n{content}</CiscoIPPhone{kind}>\n")
    for kind, content in _CONTENT.items()
}
_KIND = re.compile(r"<CiscoIPPhone([A-Za-z]+)>")
_NAMES = {
    "Directory": re.compile("<DirectoryEntry><Name>([^<]*+)"),
    "Menu": re.compile("<MenuItem><Name>([^<]*+)"),
    "Input": re.compile("<QueryStringParam>([^<]*+)"),
}
_KEY = re.compile(r"<Name>([^<]*+)</Name><Position>(\d)</Position><URL>(http|[^<]*+)")


def check(data: bytes, dialect: Dialect) -> None:
    """Raise ScreenError if a phone would refuse a page that was rendered in a dialect.

    The text names the rule, and never a contact.
    """
    if len(data) >= PAGE_LIMIT:
        raise ScreenError(f"a page of {len(data)} bytes, not less than {PAGE_LIMIT} (rule 14)")
    if not is_plain(data, dialect):
        read_strictly(data, dialect)


def read_strictly(data: bytes, dialect: Dialect) -> None:
    """Raise ScreenError for the first breach that the strict phone finds in a page."""
    breaches = Breaches()
    try:
        screen = read_object(data, dialect.charset, breaches)
        if screen is not None:
            page = OpenedPage("", screen, "", False, Answer(200, (), data))
            check_page(page, Setting(_model(dialect), softkeys=None), breaches)
    except UnreadablePage:
        pass  # the breach that stopped the reading is noted
    # A number with + or a pause is what the operator has allowed.
    for breach in breaches.noted:
        if not (breach.rule == 45 and breach.is_remark):
            raise ScreenError(f"{breach.problem} (rule {breach.rule} of docs/phone-rules.md)")


def is_plain(data: bytes, dialect: Dialect) -> bool:
    """Return whether a page is certainly right; False also if that is unclear."""
    try:
        text = data.decode(dialect.charset)
    except UnicodeDecodeError:
        return False
    kind = _KIND.search(text)
    if kind is None or kind[1] not in _PAGES:
        return False
    page = _PAGES[kind[1]].fullmatch(text)
    if page is None or page[1] != dialect.charset:
        return False
    names = _NAMES[kind[1]].findall(text) if kind[1] in _NAMES else []
    lines = text if kind[1] == "Input" else text[: page.start(2)] + "".join(names)
    if not _has_clean_lines(lines) or (kind[1] == "Text" and not _is_shown(text)):
        return False
    return len(set(names)) == len(names) and (
        not page[2] or _are_right(kind[1], tuple(_KEY.findall(page[2])), dialect)
    )


def _has_clean_lines(lines: str) -> bool:
    """Return whether there are no odd characters and no stray white space (rule 24).

    The patterns accept no white space at the ends of a line.
    """
    return "  " not in lines and _is_shown(lines)


def _is_shown(text: str) -> bool:
    # Joiners shape Persian, Indic and emoji, but do not count as printable.
    return text.replace("\n", "").replace("\u200c", "").replace("\u200d", "").isprintable()


@lru_cache(256)
def _are_right(kind: str, keys: tuple[tuple[str, str, str], ...], dialect: Dialect) -> bool:
    """Return whether a page has these softkeys: names, positions, URIs or "http"."""
    softkeys = tuple(
        SoftKey(name, int(position), "http://-" if uri == "http" else uri)
        for name, position, uri in keys
    )
    screens: dict[str, PhoneObject] = {
        "Directory": DirectoryObject("-", "", softkeys, ()),
        "Menu": MenuObject("-", "", softkeys, (MenuItem("-", "Dial:1"),)),
        "Text": TextObject("-", "", softkeys, "-"),
        "Input": InputObject("-", "", softkeys, "http://-", ()),
    }
    if not all(_has_clean_lines(key.name) for key in softkeys):
        return False
    breaches = Breaches()
    check_softkeys(screens[kind], _model(dialect), None, breaches)
    return not breaches.noted


def _model(dialect: Dialect) -> Model:
    """Return a model that asks for a dialect."""
    if not dialect.directories:
        return CP_860
    if not dialect.prompts:
        return CP_6945
    if not dialect.keys:
        return CP_8875
    return CP_7942G if dialect.keys == "dial-first" else CP_7821
