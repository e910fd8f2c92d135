"""Ask questions on the terminal, or take every answer from the command line."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import typer

NONE = "-"
"""Typed to take back an earlier answer where no answer is one."""

# The control characters but the line feed, and those that turn the direction of what follows.
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class WrongAnswer(Exception):
    """An answer cannot be used; the text says why and what to write."""


class WrongUsage(Exception):
    """Options are missing or wrong, and nobody may be asked. It holds a line for each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def _unchanged(answer: str) -> str:
    return answer


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the option of the command line that answers it ("base_dn").

    `default` is what Enter means, or None if there must be an answer. `check` returns
    the answer in its final form, or raises WrongAnswer.
    """

    option: str
    text: str
    default: str | None = None
    check: Callable[[str], str] = _unchanged
    is_secret: bool = False


def yes_or_no(answer: str) -> str:
    """Return "yes" or "no". Raises WrongAnswer for another word."""
    found = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}.get(answer.casefold())
    if found is None:
        raise WrongAnswer("Write yes or no.")
    return found


def _printable(text: str) -> str:
    """Return text without characters that steer a terminal, as a server may send."""
    return _STEERING.sub("\ufffd", text)


def option_name(option: str) -> str:
    """Return an option as it is typed: "--base-dn"."""
    return f"--{option.replace('_', '-')}"


class Dialogue:
    """Asks questions one by one, and remembers the answers for the next time.

    `given` are answers from the command line; each is used once. Without `is_asking`
    nobody is asked: a default is taken, and anything else raises WrongUsage.
    """

    def __init__(self, given: Iterable[tuple[str, str | None]], *, is_asking: bool) -> None:
        self.is_asking = is_asking
        self._given = {option: answer for option, answer in given if answer is not None}
        self._former: dict[str, str] = {}

    def tell(self, text: str = "") -> None:
        """Print a line."""
        typer.echo(_printable(text))

    def ask(self, question: Question) -> str:
        """Return the answer to a question, which is asked until it can be used.

        Raises WrongUsage, or typer.Abort if the person ends the program.
        """
        given = self._given.pop(question.option, None)
        if given is not None:
            try:
                return self._accept(question, given)
            except WrongAnswer as error:
                if not self.is_asking:
                    raise WrongUsage((f"{option_name(question.option)}: {error}",)) from error
                self.tell(str(error))
        if not self.is_asking:
            if question.default is None:
                raise WrongUsage((f"{option_name(question.option)} is missing.",))
            return self._accept(question, question.default)
        while True:
            try:
                return self._accept(question, self._type(question))
            except WrongAnswer as error:
                self.tell(str(error))

    def known(self, question: Question) -> str:
        """Return the answer to a question that is asked only when it is needed, or ""."""
        if question.option in self._given:
            return self.ask(question)
        return self.former(question.option)

    def former(self, option: str) -> str:
        """Return the last answer to a question, or ""."""
        return self._former.get(option, "")

    def forget(self, *options: str) -> None:
        """Forget the answers to questions, so that their own defaults count again."""
        for option in options:
            self._former.pop(option, None)

    def _accept(self, question: Question, answer: str) -> str:
        try:
            answer.encode("utf-8")
        except UnicodeEncodeError as error:
            raise WrongAnswer("This holds bytes that are not UTF-8. Write it again.") from error
        checked = question.check(answer)
        self._former[question.option] = checked
        return checked

    def _type(self, question: Question) -> str:
        former = self._former.get(question.option)
        default = question.default if former is None else former
        text = _printable(question.text)
        if question.is_secret:
            hint = " (Enter: the one before)" if former else ""
            typed = str(typer.prompt(text + hint, default="", show_default=False, hide_input=True))
            return typed or former or ""
        if former and question.default == "":
            text += f" ({NONE}: none)"
        if default:
            text += f" [{_printable(default)}]"
        answer = str(typer.prompt(text, default="", show_default=False)).strip()
        if answer == NONE and question.default == "":
            return ""
        answer = answer or default or ""
        if not answer and default is None:
            raise WrongAnswer("An answer is needed here. Ctrl-C ends without writing anything.")
        return answer
