"""vCards for tests, written by hand: a contact of the contract suite, or a card with
whatever lines a test wants.
"""

from connectors.contact import Contact, NumberKind

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


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
