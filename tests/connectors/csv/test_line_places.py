"""Where contacts stand, in several files."""

from connectors.csv.line_places import LinePlaces


def test_each_contact_has_its_file_and_line() -> None:
    places = LinePlaces()
    for name, lines in (("a.csv", (2, 5)), ("empty.csv", ()), ("b.csv", (70_000,))):
        places.begin(name)
        for line in lines:
            places.add(line)
    expected = ["a.csv line 2", "a.csv line 5", "b.csv line 70000"]
    assert expected == list(places) == list(places)


def test_without_a_file_there_are_none() -> None:
    assert [] == list(LinePlaces())
