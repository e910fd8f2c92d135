"""The hash of the operators' password."""

import pytest

from app.model.password import PasswordHash, hash_password, parse_password_line
from tests.support.password import PASSWORD, STRONG_LINE, cheap_line

# A line that does not change, because tests are named by it.
GOOD = parse_password_line(STRONG_LINE)


def test_a_password_is_known_by_its_line() -> None:
    assert GOOD.line == STRONG_LINE and hash_password(PASSWORD).verify(PASSWORD)
    assert GOOD.verify("correct horse") and not GOOD.verify("correct horsf")
    assert GOOD.line.startswith("$scrypt$ln=15,r=8,p=3$") and "horse" not in GOOD.line
    assert not GOOD.is_weak
    assert hash_password("correct horse").line != GOOD.line


def test_letters_composed_or_decomposed_are_the_same() -> None:
    cheap = parse_password_line(cheap_line("K\u00f6nigsberg"))
    assert cheap.verify("Ko\u0308nigsberg") and not cheap.verify("Konigsberg")


def test_the_cost_of_a_line_is_known() -> None:
    assert parse_password_line(cheap_line()).is_weak
    assert parse_password_line(cheap_line()).verify(PASSWORD)
    strong = (GOOD.log_n, GOOD.block, GOOD.parallel)
    assert PasswordHash(*strong, GOOD.salt[:12], GOOD.hash).is_weak
    assert not PasswordHash(17, 8, 1, GOOD.salt, GOOD.hash).is_weak


@pytest.mark.parametrize(
    "password", ["", "hunter2", "x" * 1025, "with\ttabulator", "one\nmore line"]
)
def test_passwords_that_are_refused(password: str) -> None:
    with pytest.raises(ValueError, match="password") as refused:
        hash_password(password)
    assert not password or password not in str(refused.value)


def test_a_long_guess_is_wrong() -> None:
    assert not parse_password_line(cheap_line()).verify("x" * 100_000)


@pytest.mark.parametrize(
    "line, reason",
    [
        ("", "does not hold a line"),
        ("S3cret-in-the-clear", "does not hold a line"),
        (GOOD.line + "\n", "does not hold a line"),
        (GOOD.line.replace("scrypt", "argon2id"), "does not hold a line"),
        (GOOD.line[:60], "does not hold a line"),
        (GOOD.line.replace("ln=15", "ln=0"), "out of bounds"),
        (GOOD.line.replace("ln=15", "ln=21"), "out of bounds"),
        (GOOD.line.replace("r=8", "r=0"), "out of bounds"),
        (GOOD.line.replace("p=3", "p=99"), "out of bounds"),
        (GOOD.line.replace("ln=15", "ln=20"), "too much memory"),
        ("$scrypt$ln=15,r=8,p=3$" + "A" * 21 + "$" + "A" * 43, "cut off"),
    ],
    # Not the line itself: its salt is another one in each process that collects the tests.
    ids=[
        "empty",
        "a password",
        "two lines",
        "argon2id",
        "half a line",
        "cost 0",
        "cost 21",
        "block 0",
        "parallel 99",
        "too much memory",
        "half a salt",
    ],
)
def test_lines_that_are_refused(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        parse_password_line(line)
    assert not line or line not in str(refused.value)
