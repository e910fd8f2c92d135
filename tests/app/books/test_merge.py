"""The same person in two sources: who is, who is not, and what becomes of the contacts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.books import matching
from app.books.duplicates import DuplicateFilter, numbers_fingerprint
from app.books.matching import (
    SHARED_NUMBER_LIMIT,
    Merged,
    group_matches,
    keys_of,
    match_candidate,
)
from app.books.merge import merge_contacts
from app.books.name_matching import compatible
from connectors.contact import Contact, NumberKind, PhoneNumber


def dialled(number: PhoneNumber) -> str:
    return "".join(filter(str.isdigit, number.value))


def contact(
    key: str, name: str, *numbers: str, emails: tuple[str, ...] = (), **more: str
) -> Contact:
    return Contact(
        id=key, name=name, emails=emails, numbers=tuple(map(PhoneNumber, numbers)), **more
    )


def groups(*sources: list[Contact]) -> list[tuple[str, ...]]:
    return [
        tuple(f"{part.source}{part.id}" for part in merged.parts) for merged in decided(*sources)
    ]


def decided(*sources: list[Contact]) -> tuple[Merged, ...]:
    return group_matches(
        [
            match_candidate(word, item, keys_of(item, dialled))
            for word, items in zip("abcdefgh", sources, strict=False)
            for item in items
        ]
    )


@pytest.mark.parametrize(
    "one, other",
    [
        (contact("1", "Ann Smith", "089 555"), contact("1", "Ann Smith", "089/555")),
        (contact("1", "Ann Smith", "1", "2"), contact("1", "Smith, Ann M.", "3", "2")),
        (contact("1", "A. Smith", "089 555"), contact("1", "Ann Smith", "089 555")),
        (
            contact("1", "Ann Smith", emails=("ann@x.example",)),
            contact("1", "Ann Smith", emails=(" Ann@X.example",)),
        ),
        (
            contact(
                "1",
                "Ann Smith",
                emails=("ann.smith@x.example",),
                given_name="Ann",
                family_name="Smith",
            ),
            contact(
                "1",
                "Ann Miller",
                emails=("ann.smith@x.example",),
                given_name="Ann",
                family_name="Miller",
            ),
        ),
        (contact("1", "", "555", organization="Acme"), contact("1", "Acme", "555")),
    ],
)
def test_one_person(one: Contact, other: Contact) -> None:
    assert [("a1", "b1")] == groups([one], [other])


@pytest.mark.parametrize(
    "one, other",
    [
        (contact("1", "Ann Smith", "555"), contact("1", "Bob Smith", "555")),
        (contact("1", "Ann Smith", "555"), contact("1", "Bob Miller", "555")),
        (contact("1", "Ann Smith", "555"), contact("1", "Ann Smith", "556")),
        (contact("1", "Ann Smith"), contact("1", "Ann Smith")),
        (contact("1", "Ann Smith", "n/a"), contact("1", "Ann Smith", "n/a")),
        (
            contact("1", "Ann Smith", emails=("info@x.example",)),
            contact("1", "Bob Miller", emails=("info@x.example",)),
        ),
        (
            contact(
                "1", "Ann Smith", emails=("smith@x.example",), given_name="Ann", family_name="Smith"
            ),
            contact(
                "1", "Bob Smith", emails=("smith@x.example",), given_name="Bob", family_name="Smith"
            ),
        ),
        (
            contact(
                "1", "Ann Smith", emails=("info@x.example",), given_name="Ann", family_name="Smith"
            ),
            contact(
                "1",
                "Ann Miller",
                emails=("info@x.example",),
                given_name="Ann",
                family_name="Miller",
            ),
        ),
        (contact("1", "", "555", organization="Smith"), contact("1", "Ann Smith", "555")),
        (contact("1", "", "555"), contact("1", "Ann Smith", "555")),
        (contact("1", "", "555"), contact("1", "", "555")),
    ],
)
def test_two_people(one: Contact, other: Contact) -> None:
    assert [] == groups([one], [other])


def test_one_source_is_not_merged_with_itself() -> None:
    assert [] == groups([contact("1", "Ann Smith", "555"), contact("2", "Ann Smith", "555", "556")])


def test_a_family_at_one_number() -> None:
    family = [contact("1", "Ann Smith", "555"), contact("2", "Bob Smith", "555")]
    assert [] == groups(family, [contact("1", "Smith", "555")])
    assert [] == groups([contact("1", "Smith", "555")], family)
    assert [("a1", "b1"), ("a2", "b2")] == groups(family, family)
    assert [("a1", "c1")] == groups(family[:1], [contact("1", "Smith", "555")], family)


def test_two_of_one_source_that_fit_alike_are_left_alone() -> None:
    johns = [contact("1", "John Smith", "555", "1001"), contact("2", "John Smith", "555", "1002")]
    assert [] == groups(johns, [contact("1", "John Smith", "555")])
    assert [("a2", "b1")] == groups(johns, [contact("1", "John Smith", "555", "1002")])


def test_an_equal_name_goes_before_one_that_goes_together() -> None:
    both = [contact("1", "J. Smith", "555"), contact("2", "John Smith", "555")]
    assert [("a2", "b1")] == groups(both, [contact("1", "John Smith", "555")])


def test_three_sources() -> None:
    anns = [
        [contact("1", "Ann Smith", "1")],
        [contact("1", "A. Smith", "1", "2")],
        [contact("1", "Ann M. Smith", "2")],
    ]
    (merged,) = decided(*anns)
    assert (("a", "1"), ("b", "1"), ("c", "1")) == merged.parts
    assert (
        "a and b have the same number 1 and names that go together; b and c have the same number 2"
        " and names that go together" == merged.reason
    )


def test_a_chain_whose_ends_differ_is_cut_at_the_same_place_always() -> None:
    chain = [
        [contact("1", "Ann Smith", "1")],
        [contact("1", "Smith", "1", "2")],
        [contact("1", "Bob Smith", "2")],
    ]
    assert [("a1", "b1")] == groups(*chain)
    assert [("a1", "b1")] == groups(*chain[::-1])


def test_a_switchboard_joins_equal_names_alone() -> None:
    people = [
        contact(str(place), f"Person{place} Smith", "5550") for place in range(SHARED_NUMBER_LIMIT)
    ]
    assert [("a3", "b1")] == groups(
        people, [contact("1", "Person3 Smith", "5550"), contact("2", "Smith", "5550")]
    )
    assert [] == groups(
        [*people, contact("x", "Person3 Smith", "5550", "77")],
        [contact("1", "Person3 Smith", "5550")],
    )


@given(st.data())
def test_whatever_comes_no_two_names_of_a_group_are_at_odds(data: st.DataObject) -> None:
    names = st.sampled_from(
        ["Ann Smith", "Bob Smith", "Smith", "A. Smith", "Ann", "Ann Miller", "Bob", ""]
    )
    people = st.lists(
        st.builds(
            lambda name, numbers: (name, numbers),
            names,
            st.sets(st.sampled_from("1234"), max_size=3),
        ),
        max_size=5,
    )
    sources = [
        [contact(str(place), name, *sorted(numbers)) for place, (name, numbers) in enumerate(found)]
        for found in data.draw(st.lists(people, max_size=4))
    ]
    by_part = {
        (word, item.id): item
        for word, items in zip("abcd", sources, strict=False)
        for item in items
    }
    found = decided(*sources)
    assert found == decided(*sources)
    parts = [part for merged in found for part in merged.parts]
    assert len(parts) == len(set(parts))
    for merged in found:
        assert len(merged.parts) == len({part.source for part in merged.parts}) > 1
        words = [set(by_part[part].name.split()) for part in merged.parts]
        assert not ({"Ann", "A."} & set().union(*words) and "Bob" in set().union(*words))


def test_the_first_wins_the_name_and_the_others_fill_what_it_lacks() -> None:
    first = Contact(
        id="1",
        name="Dr. Ann Smith",
        numbers=(PhoneNumber("1", NumberKind.WORK),),
        groups=("Staff",),
        emails=("a@x",),
    )
    other = Contact(
        id="2",
        name="Smith, Ann",
        given_name="Ann",
        family_name="Smith",
        organization="Acme",
        numbers=(PhoneNumber("1", NumberKind.MOBILE), PhoneNumber("2", NumberKind.HOME)),
        groups=("Staff", "Sales"),
        emails=("a@x", "b@x"),
    )
    assert Contact(
        id="1",
        name="Dr. Ann Smith",
        given_name="Ann",
        family_name="Smith",
        organization="Acme",
        numbers=(
            PhoneNumber("1", NumberKind.WORK),
            PhoneNumber("1", NumberKind.MOBILE),
            PhoneNumber("2", NumberKind.HOME),
        ),
        groups=("Staff", "Sales"),
        emails=("a@x", "b@x"),
    ) == merge_contacts([first, other], dialled)


def test_parts_of_another_name_are_not_taken() -> None:
    first, other = (
        Contact(id="1", name="A. Smith"),
        Contact(id="2", name="Ann Smith", given_name="Ann", family_name="Smith"),
    )
    assert ("A. Smith", "", "") == (lambda it: (it.name, it.given_name, it.family_name))(
        merge_contacts([first, other], dialled)
    )


def test_a_private_number_is_private_in_all_sources() -> None:
    first = Contact(
        id="1",
        name="Ann",
        numbers=(PhoneNumber("5-5", NumberKind.HOME, "Privat"), PhoneNumber("6")),
    )
    other = Contact(
        id="2", name="Ann", numbers=(PhoneNumber("55", NumberKind.WORK), PhoneNumber("7"))
    )
    assert (*first.numbers, PhoneNumber("7")) == merge_contacts(
        [first, other], dialled, "privat"
    ).numbers
    assert 4 == len(merge_contacts([first, other], dialled).numbers)


def test_exact_duplicates_are_met_twice() -> None:
    one = Contact(id="1", name="Ann Smith", numbers=(PhoneNumber("1"), PhoneNumber("2-2")))
    duplicates = DuplicateFilter()

    def met(contact: Contact) -> bool:
        return duplicates.seen(contact, numbers_fingerprint(contact, dialled))

    others = (
        Contact(id="2", name="Ann Smith", numbers=(PhoneNumber("1"),)),
        Contact(
            id="2", name="Ann Smith", numbers=(PhoneNumber("1"), PhoneNumber("22", NumberKind.HOME))
        ),
        Contact(id="2", name="Ann Smit", numbers=one.numbers),
        Contact(
            id="2", name="Ann Smith", numbers=(PhoneNumber("1"), PhoneNumber("22", label="private"))
        ),
        Contact(id="2", organization="Acme", numbers=one.numbers),
        Contact(id="2", name="---", organization="Other", numbers=one.numbers),
        Contact(id="2", name="Ann Smith"),
        Contact(id="2"),
    )
    assert [False] * 9 == [met(contact) for contact in (one, *others)]
    assert [True] * 9 == [met(contact) for contact in (one, *others)]
    assert met(Contact(id="3", name="ann  SMITH", numbers=(PhoneNumber("22"), PhoneNumber("1"))))
    assert met(Contact(id="3", given_name="Ann", family_name="Smith", numbers=one.numbers))
    assert met(Contact(id="3", name="...", organization="ACME", numbers=one.numbers))


def test_a_switchboard_costs_no_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = []
    monkeypatch.setattr(matching, "compatible", lambda one, other: bool(pairs.append((one, other))))
    people = [
        [contact(str(place), f"Person{place} Smith", "5550") for place in range(2_000)]
        for _ in range(2)
    ]
    assert 2_000 == len(groups(*people))
    assert [] == pairs


def test_comparisons_grow_with_the_contacts(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for size in (500, 1_000):
        pairs = []
        monkeypatch.setattr(
            matching,
            "compatible",
            lambda one, other, pairs=pairs: bool(pairs.append(one)) or compatible(one, other),
        )
        people = [
            [
                contact(str(place), f"P{place} Smith", str(place // 4), "777777")
                for place in range(size)
            ]
            for _ in range(3)
        ]
        assert size == len(groups(*people))
        counts.append(len(pairs))
    assert counts[1] == 2 * counts[0]
