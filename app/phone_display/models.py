"""The phone models whose displays can be drawn, with their request headers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhoneModel:
    """A phone model.

    `label` is how people call it, `sent_name` the name in its request header. `display`
    is the value of its header x-CiscoIPPhoneDisplay. `rows` of `columns` characters fit
    between title and prompt. `left_keys` and `right_keys` count the line keys beside
    the display. `dial_first` means that its own softkeys begin with Select or Dial.
    """

    label: str
    sent_name: str
    sdk: str
    display: str
    rows: int
    columns: int
    left_keys: int
    right_keys: int
    dial_first: bool = False


# Displays: 3.5 inches with 396x162 pixels in shades of grey; 5 inches with 800x480 pixels; 5 inches
# with 320x240 pixels (data sheets of the 7800, 8800 and 7965). Services may use 559x265 of the
# 8841 (XSI, "Internal URI Features") and 298x156 of the 7965 (a packet trace). Rows and characters
# follow from these heights and the usual size of type. CP-79xx place Select and Dial first, later
# phones Exit (XSI, "Internal URI Features"). The 7965 adds a G to its name in a packet trace.
MODELS = (
    PhoneModel("CP-7821", "CP-7821", "14.1.1", "396,162,1,G", 4, 40, 0, 2),
    PhoneModel("CP-7841", "CP-7841", "14.1.1", "396,162,1,G", 4, 40, 2, 2),
    PhoneModel("CP-8841", "CP-8841", "14.1.1", "559,265,24,C", 5, 28, 5, 5),
    PhoneModel("CP-7965", "CP-7965G", "8.5.1", "298,156,16,C", 6, 32, 0, 6, dial_first=True),
)
CHARSETS = ("utf-8", "iso-8859-1")
"""The charsets that a phone may prefer; the first is the usual one."""


def request_headers(model: PhoneModel, charset: str) -> tuple[tuple[str, str], ...]:
    """Return a model's request headers, names in lower case, if it prefers a charset."""
    other = next(name for name in CHARSETS if name != charset)
    # The form of a CP-7965 in a packet trace; Cisco documents the last three for all models.
    return (
        ("user-agent", "Allegro-Software-WebClient/4.34"),
        ("accept", "x-CiscoIPPhone/*, text/*,image/png,*/*"),
        ("accept-charset", f"{charset},{other};q=0.8"),
        ("x-ciscoipphonemodelname", model.sent_name),
        ("x-ciscoipphonesdkversion", model.sdk),
        ("x-ciscoipphonedisplay", model.display),
    )
