"""Ask what the phones of a site need: a title, the country, and the outside line."""

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter, ValidationError

from app.cli.init.answers import Answers
from app.cli.init.config_text import Site
from app.cli.init.countries import NO_COUNTRY, country_name, find_region, likely_region
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer, option_name
from app.numbers.dial_plan import DialPlan, problems
from app.settings.schema import GatewayFile, Title
from connectors.contact import Contact

_TITLE: TypeAdapter[str] = TypeAdapter(Title)


def ask_for_site(dialogue: Dialogue, contacts: Sequence[Contact]) -> Site:
    """Return what the phones need; the contacts suggest a country."""
    title = dialogue.ask(
        Question("title", "Title on the phones", str(GatewayFile().title), _checked_title)
    )
    likely = likely_region(contacts) or None
    country = dialogue.ask(
        Question(
            "country",
            f"Country of the phones: DE, Germany or +49 ({NO_COUNTRY}: leave numbers as they are)",
            likely,
            _checked_country,
        )
    )
    line = Question(
        "outside_line",
        "Dialled before numbers outside, such as 0 or 9 (Enter: nothing)",
        "",
        _checked_line,
    )
    if country == NO_COUNTRY:
        dialogue.tell("Numbers are dialled as they are written.")
        # Without a country it has no effect. `check` says so of one that was given.
        return Site(title, "", dialogue.known(line))
    dialogue.tell(f"The phones are in {country_name(country)} ({country}).")
    return Site(title, country, dialogue.ask(line))


def wrong_answers(answers: Answers) -> Iterator[str]:
    """Yield a line for each given answer about the site that cannot be used."""
    for option, answer, check in (
        ("title", answers.title, _checked_title),
        ("country", answers.country, _checked_country),
        ("outside_line", answers.outside_line, _checked_line),
    ):
        try:
            _ = check(answer) if answer is not None else ""
        except WrongAnswer as error:
            yield f"{option_name(option)}: {error}"


def _checked_title(answer: str) -> str:
    try:
        return _TITLE.validate_python(answer)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].lower()
        raise WrongAnswer(f"This cannot be the title: {reason}.") from error


def _checked_country(answer: str) -> str:
    return find_region(answer) or NO_COUNTRY


def _checked_line(answer: str) -> str:
    if found := problems(DialPlan(region="", outside_line=answer)):
        raise WrongAnswer(found[0])
    return answer
