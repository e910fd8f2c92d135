"""What the keys of a phone do, without a gateway."""

from dataclasses import replace

import pytest

from app.phone_display.keys import press
from app.phone_display.models import MODELS, PhoneModel
from app.phone_display.objects import (
    InputField,
    ListRow,
    PhoneCall,
    PhoneDirectory,
    PhoneForm,
    PhoneMenu,
    PhoneObject,
    PhoneText,
    SoftKey,
)
from app.phone_display.picture import describe_display
from app.phone_display.response import LoadedPage, failed_page
from app.phone_display.state import PhoneState, bounded
from app.phone_display.wrapping import wrap_text

CP_7821, _, _, CP_7965 = MODELS
HOME = "http://g/menu.xml"
FORM = PhoneForm(
    "Search",
    "",
    (),
    "http://g/search.xml?b=1",
    (InputField("Name", "q", "A", ""), InputField("Keys", "k", "T", "")),
)
PAGE_KEYS = tuple(
    SoftKey(label, place, uri)
    for place, (label, uri) in enumerate(
        (
            ("Exit", "SoftKey:Exit"),
            ("Dial", "SoftKey:Dial"),
            ("Next", "http://g/2.xml"),
            ("EditDial", "SoftKey:EditDial"),
            ("Search", "http://g/search.xml"),
        ),
        1,
    )
)


def rows(count: int, uri: str = "http://g/{}.xml") -> tuple[ListRow, ...]:
    return tuple(ListRow(f"Row {n}", uri.format(n)) for n in range(1, count + 1))


OBJECTS: dict[str, PhoneObject] = {
    HOME: PhoneMenu("Menu", "", (), rows(3)),
    "http://g/1.xml": PhoneDirectory("Staff", "1-9", PAGE_KEYS, rows(9, "Dial:{}")),
    "http://g/2.xml": PhoneDirectory("Staff", "10-18", PAGE_KEYS, rows(9, "Dial:1{}")),
    "http://g/3.xml": PhoneCall("1001"),
    "http://g/search.xml": FORM,
    "http://g/search.xml?b=1&q=add+b": PhoneDirectory("Search", "", PAGE_KEYS, rows(1, "Dial:7")),
    "http://g/search.xml?b=1": PhoneText("Search", "", (), "Nothing"),
    "http://g/long.xml": PhoneMenu("Long", "", (), rows(25)),
    "http://g/text.xml": PhoneText("Text", "", (), "one two three " * 40),
    "http://g/next.xml": PhoneDirectory("Plain", "", (), rows(2, "Dial:{}")),
}


def load(url: str) -> LoadedPage:
    if url not in OBJECTS:
        return failed_page("Host Not Found", "It is not here.")
    found = OBJECTS[url]
    refresh = "http://g/2.xml" if url == "http://g/next.xml" else ""
    return LoadedPage(found, refresh, isinstance(found, PhoneText | PhoneCall))


def pressed(keys: str, url: str = HOME, model: PhoneModel = CP_7821) -> PhoneState:
    state = bounded(PhoneState(url), load(url), model)
    for key in keys.split():
        state, _ = press(key, state, load, model, HOME)
    return state


@pytest.mark.parametrize(
    ("start", "keys", "url"),
    [
        (HOME, "select", "http://g/1.xml"),
        (HOME, "down select", "http://g/2.xml"),
        (HOME, "up up select", "http://g/2.xml"),
        (HOME, "2", "http://g/2.xml"),
        (HOME, "9", HOME),
        (HOME, "0", HOME),
        (HOME, "left right", HOME),
        (HOME, "1 soft3", "http://g/2.xml"),
        (HOME, "1 soft3 soft1", "http://g/1.xml"),
        (HOME, "1 soft3 back back", HOME),
        (HOME, "back", HOME),
        (HOME, "1 soft3 directory", HOME),
        (HOME, "3", "http://g/3.xml"),
        (HOME, "3 select 1 up", "http://g/3.xml"),
        (HOME, "3 soft2", HOME),
        ("http://g/long.xml", "1", "http://g/long.xml"),
        ("http://g/long.xml", "1 select", "http://g/1.xml"),
        ("http://g/long.xml", "1 2", "http://g/12.xml"),
        ("http://g/long.xml", "2 6", "http://g/6.xml"),
        ("http://g/next.xml", "soft3", "http://g/2.xml"),
        # A message is transient: Exit goes past it, back to the form.
        ("http://g/search.xml", "soft2", "http://g/search.xml?b=1"),
        ("http://g/search.xml", "soft2 soft1", "http://g/search.xml"),
        ("http://g/search.xml", "2 right 3 right 3 right 0 right 2 2 soft2",
         "http://g/search.xml?b=1&q=add+b"),
    ],
)  # fmt: skip
def test_which_page_keys_open(start: str, keys: str, url: str) -> None:
    assert url == pressed(keys, start).url


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ("back", True),
        ("soft1", True),
        ("back down", False),
        ("1 back", False),
        ("1 back back", True),
    ],
)
def test_exit_on_the_first_page_leaves_the_directory(keys: str, left: bool) -> None:
    assert (HOME, left) == (pressed(keys).url, pressed(keys).left)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("2", "a"),
        ("2 2", "b"),
        ("2 2 2", "c"),
        ("2 2 2 2 2", "a"),
        ("2 right 2", "aa"),
        ("2 3", "ad"),
        ("2 3 soft3", "a"),
        ("2 3 left left left", ""),
        ("7 7 7 7", "s"),
        ("0 0", "0"),
        ("* # 1", "*#."),
    ],
)
def test_letters_are_typed_by_keypad(keys: str, text: str) -> None:
    assert (text, "") == pressed(keys, "http://g/search.xml").values


def test_digits_are_typed_into_a_field_for_keys() -> None:
    assert ("", "2255*#") == pressed("down 2 2 5 5 * #", "http://g/search.xml").values
    assert "2" * 32 == pressed("down " + "2 " * 40, "http://g/search.xml").values[1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.label)
def test_the_cursor_stays_on_the_display(model: PhoneModel) -> None:
    state = bounded(PhoneState("http://g/1.xml"), load("http://g/1.xml"), model)
    for key in ["down"] * 12 + ["up"] * 12:
        state, page = press(key, state, load, model, HOME)
        shown = describe_display(state, page, model)
        assert model.rows == len(shown.lines)
        assert [f"Row {state.cursor + 1}"] == [line.text for line in shown.lines if line.chosen]
        assert shown.above == (shown.lines[0].number > 1)
        assert shown.below == (shown.lines[-1].number < 9)


def test_the_window_moves_only_if_it_must() -> None:
    assert (5, 2) == (pressed("1 " + "down " * 5).cursor, pressed("1 " + "down " * 5).top)
    assert 2 == pressed("1 " + "down " * 5 + "up up").top


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ("1 soft2", "1"),
        ("1 down down soft2", "3"),
        ("1 4 soft2", "4"),
        ("1 select", "1"),
        ("1 soft2 soft2", ""),
        ("1 soft2 back", ""),
        ("1 down soft4 soft1 soft3 1 9 soft2", "19"),
    ],
)
def test_which_number_keys_call(keys: str, number: str) -> None:
    assert number == pressed(keys).called


def test_the_number_is_edited_before_it_is_dialled() -> None:
    # EditDial is behind "More", as a page has five softkeys.
    state = pressed("1 down soft4 soft1")
    assert "2" == state.edited
    shown = describe_display(state, load(state.url), CP_7821)
    assert ("form", "Edit number", "2") == (shown.kind, shown.title, shown.fields[0].value)
    assert ("Cancel", "Dial", "<<", "") == shown.softkeys
    back = pressed("1 down soft4 soft1 1 soft1")
    assert (None, 1, "http://g/1.xml") == (back.edited, back.cursor, back.url)


def test_a_call_shows_its_number_and_ends_where_it_began() -> None:
    state = pressed("1 down soft2")
    shown = describe_display(state, load(state.url), CP_7821)
    assert ("call", "2", ("", "End call", "", "")) == (
        shown.kind,
        shown.lines[0].text,
        shown.softkeys,
    )
    assert ("http://g/1.xml", 1) == (pressed("1 down soft2 soft2").url, state.cursor)


@pytest.mark.parametrize(
    ("url", "model", "labels"),
    [
        (HOME, CP_7821, ["Exit", "Select", "", ""]),
        (HOME, CP_7965, ["Select", "", "Exit", ""]),
        ("http://g/search.xml", CP_7821, ["Cancel", "Submit", "<<", ""]),
        ("http://g/search.xml", CP_7965, ["Submit", "<<", "Cancel", ""]),
        ("http://g/text.xml", CP_7821, ["Exit", "Update", "", ""]),
        ("http://g/next.xml", CP_7821, ["Exit", "Dial", "Next", "EditDial"]),
        ("http://g/next.xml", CP_7965, ["Dial", "EditDial", "Exit", "Next"]),
        ("http://g/1.xml", CP_7821, ["Exit", "Dial", "Next", "More"]),
        ("http://g/1.xml", CP_7965, ["Exit", "Dial", "Next", "more"]),
        ("http://g/nowhere.xml", CP_7821, ["Exit", "", "", ""]),
    ],
)
def test_softkeys(url: str, model: PhoneModel, labels: list[str]) -> None:
    page = load(url)
    state = bounded(PhoneState(url), page, model)
    assert labels == list(describe_display(state, page, model).softkeys)


def test_more_goes_through_all_softkeys() -> None:
    page = load("http://g/1.xml")
    for presses, labels in enumerate(
        [("Exit", "Dial", "Next", "More"), ("EditDial", "Search", "", "More")] * 2
    ):
        state = replace(PhoneState("http://g/1.xml"), softkey_set=presses)
        assert labels == describe_display(state, page, CP_7821).softkeys


def test_a_long_text_is_read_line_by_line() -> None:
    url = "http://g/text.xml"
    lines = wrap_text("one two three " * 40, CP_7821.columns)
    state = pressed("down " * 50, url)
    shown = describe_display(state, load(url), CP_7821)
    assert list(lines[-4:]) == [line.text for line in shown.lines]
    assert (True, False) == (shown.above, shown.below)
    assert 0 == pressed("down " * 5 + "up " * 9, url).top


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two", ["one", "two"]),
        ("a b c", ["a b", "c"]),
        ("abcdefgh", ["abcd", "efgh"]),
        ("a\nb", ["a", "b"]),
        ("明明明", ["明明", "明"]),
    ],
)
def test_wrap_text(text: str, lines: list[str]) -> None:
    assert lines == list(wrap_text(text, 4))


def test_a_state_from_elsewhere_is_bounded() -> None:
    page = load("http://g/search.xml")
    wild = PhoneState("http://g/search.xml", cursor=99, top=-4, values=("x" * 500,) * 9)
    state = bounded(wild, page, CP_7821)
    assert (1, 0, ("x" * 32,) * 2) == (state.cursor, state.top, state.values)
    press("nonsense", wild, load, CP_7821, HOME)
