"""Warnings of `check` about settings that are valid but perhaps not intended."""

from collections.abc import Iterator
from ipaddress import ip_network

from app.cli.numbers import dial_items
from app.model.profile import Profile
from app.settings.loader import Settings


def config_warnings(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each setting that is valid but perhaps not intended."""
    yield from _leaks(settings.profiles)
    yield from _networks(settings.profiles)
    yield from dict.fromkeys(_same_titles(settings.profiles))
    shown = {
        name for profile in settings.profiles for book in profile.books for name in book.sources
    }
    for source in settings.sources:
        if source.name not in shown:
            yield f"source {source.name} is in no book of any menu: no phone shows it."
    for profile in settings.profiles:
        for item, dialled in dial_items(profile):
            if dialled.odd:
                how, what = (
                    ("looks odd", f" ({dialled.number} is dialled)")
                    if dialled.number
                    else ("cannot be dialled", "")
                )
                yield (
                    f'dial.{item.name}.number = "{item.number}" {how} in profile'
                    f" {profile.name}{what}. {dialled.odd}"
                )


def _leaks(profiles: tuple[Profile, ...]) -> Iterator[str]:
    for name in sorted(
        {book.name for profile in profiles if profile.restricted for book in profile.books}
    ):
        others = [
            profile.name
            for profile in profiles
            if not profile.restricted and profile.book(name) is not None
        ]
        if len(others) == 1:
            yield (
                f"book {name} is in a restricted profile, and in profile {others[0]} too, which is"
                " open: give that one a menu without it."
            )
        elif others:
            yield (
                f"book {name} is in a restricted profile, and in profiles {', '.join(others)} too,"
                " which are open: give each of those a menu without it."
            )


def _networks(profiles: tuple[Profile, ...]) -> Iterator[str]:
    """Yield a warning for each network within an earlier one, because it has no effect.

    The first network that contains an address decides
    (`app.web.access.ProfileSelector`).
    """
    earlier = [
        (ip_network(text), profile.name) for profile in profiles for text in profile.networks
    ]
    for place, (network, name) in enumerate(earlier):
        for other, first in earlier[:place]:
            if first != name and other.version == network.version and network.subnet_of(other):  # type: ignore[arg-type]
                what = (
                    f"stands in profiles.{first} too"
                    if other == network
                    else f"lies within {other} of profiles.{first}"
                )
                advice = "Keep one" if other == network else f"Put [profiles.{name}] above it"
                yield (
                    f"profiles.{name}.networks: {network} {what}, which stands above and gets its"
                    f" phones. {advice}."
                )
                break


def _same_titles(profiles: tuple[Profile, ...]) -> Iterator[str]:
    for profile in profiles:
        items = [(item.title, item.name) for item in profile.books] + [
            (item.title, item.name) for item in profile.dials
        ]
        for title in dict.fromkeys(title.casefold() for title, _ in items):
            alike = [(shown, name) for shown, name in items if shown.casefold() == title]
            if len(alike) > 1:
                names = " and ".join(name for _, name in alike)
                yield (
                    f'{names} have the same title "{alike[0][0]}": nobody can tell them apart in'
                    " the menu."
                )
