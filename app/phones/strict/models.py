"""Phone models with the request headers that they send.

Of the 78xx, 88xx, 69xx, 8875 and 9800 only the three x-CiscoIPPhone headers are
documented (XSI, "HTTP Requests and Header Settings"). Their other headers are assumed
here (the newest traced form, utf-8 first).
"""

from dataclasses import dataclass, replace

# Rules 39 (CP-7940/7960 know no softkeys) and 40 (CP-8875 knows no SoftKey URIs).
_NO_SOFTKEYS = ("CP-8875", "CP-7940", "CP-7960")
_ALLEGRO = "Allegro-Software-WebClient/4.34"
_EVERYTHING = "x-CiscoIPPhone/*, text/*,image/png,*/*"


@dataclass(frozen=True, slots=True)
class Model:
    """A phone model: its name header, HTTP version and request headers in order.

    `name` is "" for a client that is not a phone.
    """

    name: str
    headers: tuple[tuple[str, str], ...]
    http: str = "HTTP/1.1"

    def header(self, name: str) -> str:
        """Return the value that the model sends in the header `name`, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def in_charset(self, charset: str) -> "Model":
        """Return the model with another Accept-Charset."""
        others = tuple((name, value) for name, value in self.headers if name != "Accept-Charset")
        return replace(self, headers=(*others, ("Accept-Charset", charset)))

    def in_language(self, accepted: str) -> "Model":
        """Return the model with another Accept-Language."""
        names = ("accept-language",)
        others = tuple(header for header in self.headers if header[0].lower() not in names)
        return replace(self, headers=(*others, ("Accept-Language", accepted)))

    @property
    def is_cp79(self) -> bool:
        # Rule 36: the layout of softkeys.
        return self.name.startswith("CP-79")

    @property
    def is_cp69(self) -> bool:
        # Rule 29: the Prompt replaces the Title.
        return self.name.startswith("CP-69")

    @property
    def has_softkeys(self) -> bool:
        return not self.name.startswith(_NO_SOFTKEYS)

    @property
    def has_directory(self) -> bool:
        """Return whether the model accepts a Directory.

        It does not if Accept lists objects one by one and omits Directory (rule 48).
        """
        accepted = {part.split(";")[0].strip().lower() for part in self.header("Accept").split(",")}
        objects = {part for part in accepted if part.startswith("x-ciscoipphone/")}
        return not objects or not objects.isdisjoint(
            {"x-ciscoipphone/*", "x-ciscoipphone/directory"}
        )


def _phone(
    name: str,
    display: str,
    charset: str,
    sdk: str,
    language: str = "en_US",
    accept: str = _EVERYTHING,
) -> Model:
    headers = (
        ("User-Agent", _ALLEGRO),
        ("Accept", accept),
        ("Accept-Language", language),
        ("Accept-Charset", charset),
        ("x-CiscoIPPhoneModelName", name),
        ("x-CiscoIPPhoneSDKVersion", sdk),
        ("x-CiscoIPPhoneDisplay", display),
        ("Connection", "close"),
    )
    return Model(name, headers)


def _without_connection(model: Model) -> Model:
    return replace(
        model, headers=tuple((name, value) for name, value in model.headers if name != "Connection")
    )


def _lower_case(model: Model) -> Model:
    return replace(model, headers=tuple((name.lower(), value) for name, value in model.headers))


_OLD, _NEW = "iso-8859-1,utf-8;q=0.8", "utf-8,iso-8859-1;q=0.8"

_OBJECTS_7921 = ("Directory", "Execute", "Input", "Menu", "Text")

# Known from a recorded request.
CP_7921G = Model(
    "CP-7921G",
    (
        ("Connection", "Close"),
        ("User-Agent", "Allegro-Software-WebClient/3.12"),
        (
            "Accept",
            ", ".join(
                (*(f"x-CiscoIPPhone/{name}" for name in _OBJECTS_7921), "image/png", "text/*")
            ),
        ),
        ("Accept-Charset", "iso-8859-1"),
        ("x-CiscoIPPhoneModelName", "CP-7921G"),
        ("x-CiscoIPPhoneSDKVersion", "4.1.3"),
        ("x-CiscoIPPhoneDisplay", "176, 140, 16, C"),
    ),
    "HTTP/1.0",
)
CP_7940G = _phone("CP-7940G", "133,65,2,G", "iso-8859-1, utf-8;q=0.8", "3.0.0")
# Known from replay code.
CP_7942G = _phone("CP-7942G", "298,144,3,G", _OLD, "6.0.2")
# Known from a packet trace, but for its language, which was de.
CP_7965G = _without_connection(_phone("CP-7965G", "298,156,16,C", _NEW, "8.5.1", "en"))
CP_6945 = _phone("CP-6945", "396,162,1,G", _NEW, "9.1.1")
CP_7821 = _phone("CP-7821", "396,162,1,G", _NEW, "14.1.1")
CP_8845 = _phone("CP-8845", "559,265,24,C", _NEW, "14.1.1", "en-US")
CP_860 = _phone(
    "CP-860",
    "480,800,24,C",
    _NEW,
    "1.8.0",
    accept="x-CiscoIPPhone/Menu;version=3.3.4, x-CiscoIPPhone/Text, text/*",
)
CP_8875 = _phone("CP-8875", "696,312,24,C", _NEW, "3.2.1", "en-US")
# It writes its header names in lower case, since they have no case (rule 12).
DP_9841 = _lower_case(_phone("DP-9841", "240,60,24,C", _NEW, "3.2.1", "en-US"))
CURL = Model("", (("User-Agent", "curl/8.5.0"), ("Accept", "*/*")))

MODELS = (
    CP_7921G,
    CP_7940G,
    CP_7942G,
    CP_7965G,
    CP_6945,
    CP_7821,
    CP_8845,
    CP_860,
    CP_8875,
    DP_9841,
    CURL,
)
"""A model of each kind that asks for other pages, and a client that is no phone."""


def find_model(name: str, charset: str = "") -> Model:
    """Return the model that a phone's name stands for, with its Accept-Charset.

    A name that is not listed gets the headers of a CP-7821, and `charset` replaces what
    the model prefers if it is not "".
    """
    upper = name.strip().upper()
    short = upper.removesuffix("G")
    known = next((model for model in MODELS if model.name.removesuffix("G") == short), None)
    model = known or _phone(upper, "396,162,1,G", _NEW, "14.1.1")
    return model.in_charset(charset) if charset else model
