"""What a dial template does with numbers."""

import pytest

from app.device_config.dial_template import DialTemplate, Rule, Sending

NOW, WAIT, EARLY, REFUSED = (
    Sending.AT_ONCE,
    Sending.AFTER_WAIT,
    Sending.TOO_EARLY,
    Sending.REFUSED,
)
OFFICE = DialTemplate(
    (
        Rule("112", 0),
        Rule("0,112", 0, "112"),
        Rule("3..", 1),
        Rule("[", 0),
        Rule("4...", 0, "9%1"),
        Rule("\\*8.", 0),
        Rule("#31#.*", 4),
        Rule("0,0*", 5),
        Rule("0,..........", 0),
        Rule("0,*", 6),
        Rule("71", 0),
        Rule("711.", 0),
        Rule("ab", 0),
    )
)
ANYTHING = DialTemplate((Rule("9.......", 0), Rule("9011*", 5), Rule("9.11", 0), Rule("*", 15)))
FIRST_DIGIT = DialTemplate((Rule("12345", 3), Rule("*", 0)))
NONE = DialTemplate(())


@pytest.mark.parametrize(
    "number, sending, wait",
    [
        ("112", NOW, 0),
        ("0112", NOW, 0),
        ("11", WAIT, 10),
        ("1", WAIT, 10),
        ("113", REFUSED, 0),
        ("301", WAIT, 1),
        ("30", WAIT, 10),
        ("3012", REFUSED, 0),
        ("4123", NOW, 0),
        ("412", WAIT, 10),
        ("41234", EARLY, 0),
        ("*81", NOW, 0),
        ("*8", WAIT, 10),
        ("*91", REFUSED, 0),
        ("8", REFUSED, 0),
        ("#31#0301234", WAIT, 4),
        ("#31#", WAIT, 10),
        ("0049301234567", WAIT, 5),
        ("00", WAIT, 10),
        ("01", WAIT, 10),
        ("0301234567", WAIT, 6),
        ("03012345678", NOW, 0),
        ("030123456789", EARLY, 0),
        ("71", NOW, 0),
        ("7112", EARLY, 0),
        ("5", REFUSED, 0),
        ("+49301234567", REFUSED, 0),
        ("9", REFUSED, 0),
    ],
)
def test_an_office(number: str, sending: Sending, wait: int) -> None:
    found = OFFICE.outcome(number)
    assert (sending, wait) == (found.sending, found.wait)


@pytest.mark.parametrize(
    "number, sending, wait",
    [
        # "9011" fits the third rule completely, but the second with more digits.
        ("9011", WAIT, 10),
        ("90114930", WAIT, 5),
        ("9911", NOW, 0),
        ("94694210", NOW, 0),
        ("9469421", WAIT, 10),
        ("946942101", EARLY, 0),
        ("5551234", WAIT, 15),
        ("*", WAIT, 15),
        ("#", WAIT, 15),
    ],
)
def test_a_rule_for_anything(number: str, sending: Sending, wait: int) -> None:
    found = ANYTHING.outcome(number)
    assert (sending, wait) == (found.sending, found.wait)


@pytest.mark.parametrize(
    "template, number, sending, sent",
    [
        (FIRST_DIGIT, "2", NOW, "2"),
        (FIRST_DIGIT, "23", EARLY, "2"),
        (FIRST_DIGIT, "12345", WAIT, "12345"),
        (NONE, "1", REFUSED, ""),
        (OFFICE, "4123", NOW, "9123"),
        (OFFICE, "0112", NOW, "112"),
    ],
)
def test_what_is_sent(template: DialTemplate, number: str, sending: Sending, sent: str) -> None:
    found = template.outcome(number)
    assert (sending, sent) == (found.sending, found.sent)


# The table of the administrator guide, with digits for its letters.
@pytest.mark.parametrize(
    "rewrite, sent",
    [
        ("", "81127234859678"),
        ("%s", "81127234859678"),
        ("%0", "81127234859678"),
        ("%1", "12"),
        ("%2", "34"),
        ("%3", "9678"),
        ("%4", "4"),
        ("555....", "5551234"),
        ("5.6.7...", "51627349"),
        ("919%1%2%3", "91912349678"),
        ("81...5%15..", "81123512549"),
        ("%%", "%"),
        ("%.", "."),
    ],
)
def test_rewriting(rewrite: str, sent: str) -> None:
    template = DialTemplate((Rule("81..72..85*", 1, rewrite),))
    number = "81127234859678"
    assert sent == template.outcome(number).sent


def test_the_result_does_not_depend_on_what_was_asked_before() -> None:
    numbers = ["0112", "011", "301", "4123", "7112", "00493012"]
    fresh = [DialTemplate(OFFICE.rules).outcome(number) for number in numbers]
    assert fresh == [OFFICE.outcome(number) for number in reversed(numbers)][::-1]
