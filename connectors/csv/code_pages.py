"""Encodings that a contact list may have, and the languages that each was made for."""

from dataclasses import dataclass

from connectors.csv.languages import LATIN


@dataclass(frozen=True, slots=True)
class CodePage:
    """An encoding by Python's name; `cost` is higher if the encoding is rare."""

    encoding: str
    script: str
    languages: tuple[str, ...]
    cost: float


_WESTERN = ("de", "fr", "es", "ca", "pt", "it", "nl", "sv", "da", "fi", "is", "ga")
_CENTRAL = ("pl", "cs", "sk", "hu", "hr", "ro", "de", "sq")
_BALTIC = ("lt", "lv", "et")
_CYRILLIC = ("ru", "uk", "bg", "sr")

CODE_PAGES = (
    CodePage("cp1252", LATIN, (*_WESTERN, "et"), 0.0),
    CodePage("cp1250", LATIN, _CENTRAL, 0.5),
    CodePage("cp1254", LATIN, ("tr", "de", "fr"), 1.0),
    CodePage("cp1257", LATIN, _BALTIC, 1.0),
    CodePage("iso8859_2", LATIN, _CENTRAL, 3.0),
    CodePage("iso8859_16", LATIN, ("ro",), 6.0),
    CodePage("iso8859_4", LATIN, _BALTIC, 6.0),
    CodePage("cp850", LATIN, _WESTERN, 5.0),
    CodePage("cp852", LATIN, _CENTRAL, 5.0),
    CodePage("cp857", LATIN, ("tr",), 6.0),
    CodePage("cp775", LATIN, _BALTIC, 6.0),
    CodePage("mac_roman", LATIN, _WESTERN, 5.0),
    CodePage("mac_latin2", LATIN, _CENTRAL, 6.0),
    CodePage("mac_croatian", LATIN, ("hr",), 7.0),
    CodePage("mac_turkish", LATIN, ("tr",), 6.0),
    CodePage("cp1251", "cyrillic", _CYRILLIC, 1.0),
    CodePage("koi8_r", "cyrillic", ("ru", "bg"), 3.0),
    CodePage("koi8_u", "cyrillic", ("uk", "ru"), 3.5),
    CodePage("cp866", "cyrillic", _CYRILLIC, 4.0),
    CodePage("iso8859_5", "cyrillic", _CYRILLIC, 5.0),
    CodePage("mac_cyrillic", "cyrillic", _CYRILLIC, 5.0),
    CodePage("cp1253", "greek", ("el",), 1.0),
    CodePage("iso8859_7", "greek", ("el",), 3.0),
    CodePage("cp737", "greek", ("el",), 5.0),
    CodePage("mac_greek", "greek", ("el",), 6.0),
    CodePage("cp1255", "hebrew", ("he",), 1.0),
    CodePage("cp862", "hebrew", ("he",), 5.0),
    CodePage("cp1256", "arabic", ("ar", "fa"), 1.0),
    CodePage("iso8859_6", "arabic", ("ar",), 5.0),
    CodePage("cp874", "thai", ("th",), 1.0),
    CodePage("gb18030", "han", ("zh-hans",), 1.0),
    CodePage("big5", "han", ("zh-hant",), 1.0),
    CodePage("cp950", "han", ("zh-hant",), 1.5),
    CodePage("cp932", "han", ("ja",), 1.0),
    CodePage("euc_jp", "han", ("ja",), 4.0),
    CodePage("cp949", "han", ("ko",), 1.0),
)
