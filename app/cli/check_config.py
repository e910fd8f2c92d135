"""Warnings of `check` about settings that are valid but perhaps not intended."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from app.cli.dialler import Dialler
from app.model.networks import Network
from app.model.profile import Profile
from app.phones.registry import BROWSER
from app.settings.loader import Settings


def config_warnings(settings: Settings, diallers: Iterable[Dialler]) -> Iterator[str]:
    """Yield a sentence for each setting that is valid but perhaps not intended."""
    yield from _leaks(settings.profiles)
    yield from _networks(settings.profiles)
    yield from _for_browsers(settings.profiles)
    yield from dict.fromkeys(_same_titles(settings.profiles))
    yield from _unused_sources(settings)
    for dialler in diallers:
        yield from _odd_dial_items(dialler)


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
                " open: everybody can read it there. If it is not for everybody, give profile"
                f" {others[0]} a menu without it."
            )
        elif others:
            yield (
                f"book {name} is in a restricted profile, and in profiles {', '.join(others)} too,"
                " which are open: everybody can read it there. If it is not for everybody, give"
                " each of them a menu without it."
            )


def _for_browsers(profiles: tuple[Profile, ...]) -> Iterator[str]:
    for profile in profiles:
        if profile.format == BROWSER:
            yield (
                f'profile {profile.name}: format = "{BROWSER}" is deprecated, and phones cannot use'
                f" it. It sends a browser to /-/phone?profile={profile.name}, which shows every"
                " profile to operators. Remove the line, or the profile."
            )


def _networks(profiles: tuple[Profile, ...]) -> Iterator[str]:
    """Yield a warning for each network within an earlier one, because it has no effect.

    The first network that contains an address decides
    (`app.web.access.ProfileSelector`).
    """
    earlier: list[tuple[Network, str]] = []
    for profile in profiles:
        for network in map(ip_network, profile.networks):
            for other, name in earlier:
                if name != profile.name and _is_within(network, other):
                    yield _without_effect(profile.name, network, name, other)
                    break
            earlier.append((network, profile.name))


def _is_within(network: Network, other: Network) -> bool:
    return other.version == network.version and network.subnet_of(other)  # type: ignore[arg-type]


def _without_effect(profile: str, network: Network, first: str, other: Network) -> str:
    if other == network:
        where, remedy = f"stands in profiles.{first} too", "Keep one"
    else:
        where = f"lies within {other} of profiles.{first}"
        remedy = f"Put [profiles.{profile}] above it"
    return (
        f"profiles.{profile}.networks: {network} {where}, which comes first in the file and"
        f" gets its phones. {remedy}."
    )


def _same_titles(profiles: tuple[Profile, ...]) -> Iterator[str]:
    for profile in profiles:
        items = [(book.title, book.name) for book in profile.books]
        items += [(item.title, item.name) for item in profile.dials]
        for folded in dict.fromkeys(title.casefold() for title, _ in items):
            same = [(title, name) for title, name in items if title.casefold() == folded]
            if len(same) > 1:
                names = " and ".join(name for _, name in same)
                yield (
                    f'{names} have the same title "{same[0][0]}": nobody can tell them apart in the'
                    " menu."
                )


def _unused_sources(settings: Settings) -> Iterator[str]:
    used = {
        name for profile in settings.profiles for book in profile.books for name in book.sources
    }
    for source in settings.sources:
        if source.name not in used:
            yield f"source {source.name} is in no book of any menu: no phone shows it."


def _odd_dial_items(dialler: Dialler) -> Iterator[str]:
    for item, result in dialler.dial_items():
        if not result.warning:
            continue
        where = f'dial.{item.name}.number = "{item.number}"'
        profile = f"in profile {dialler.profile.name}"
        if result.number:
            yield f"{where} looks odd {profile} ({result.number} is dialled). {result.warning}"
        else:
            yield f"{where} cannot be dialled {profile}. {result.warning}"
