"""vCards for tests, written by hand, and what is read from them."""

from connectors.contact import Contact, NumberKind
from connectors.vcard.parser import Card, read_cards

Summary = tuple[str, tuple[str, ...], str]
_TYPES = {NumberKind.WORK: "WORK,VOICE", NumberKind.MOBILE: "CELL", NumberKind.HOME: "HOME"}


def card(*lines: str, version: str = "3.0") -> str:
    """Return one card with these lines."""
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def card_of(contact: Contact) -> str:
    """Return a contact as a vCard 3.0; its id becomes the UID."""
    numbers = (
        f"TEL;TYPE={_TYPES[number.kind]}:{_escaped(number.value)}" for number in contact.numbers
    )
    names = f"N:{_escaped(contact.family_name)};{_escaped(contact.given_name)};;;"
    return card(f"UID:uid-{contact.id}", f"FN:{_escaped(contact.name)}", names, *numbers)


def raw_card(*lines: bytes | str, version: str = "2.1") -> bytes:
    texts = (line if isinstance(line, bytes) else line.encode() for line in lines)
    return b"\r\n".join((b"BEGIN:VCARD", f"VERSION:{version}".encode(), *texts, b"END:VCARD", b""))


def name_of(one: Card) -> str:
    found = one.contact
    return "" if found is None else found.name or f"{found.given_name} {found.family_name}".strip()


def summary(data: bytes | str) -> list[Summary]:
    cards = read_cards(data.encode() if isinstance(data, str) else data)
    return [
        (
            name_of(one),
            tuple(number.value for number in one.contact.numbers) if one.contact else (),
            one.problem,
        )
        for one in cards
    ]


def numbers(*lines: str, version: str = "3.0") -> list[tuple[str, str, str]]:
    (one,) = read_cards(card("FN:Ann", *lines, version=version).encode())
    assert one.contact is not None
    return [(number.value, number.kind.value, number.label) for number in one.contact.numbers]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
