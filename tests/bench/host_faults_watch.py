"""What the hosts' phones see: that it was published, and how soon each host serves it."""

import math
import re
import time
from dataclasses import dataclass, field

from app.phones.strict.judge import OpenedPage
from tests.bench.host_faults_kinds import ENGINE
from tests.bench.soak_phones import VERSION

_REVISION = re.compile(rb"Rev(\d{4})")
_NAME = re.compile(r"Ann(\d{2})")
_NUMBER = re.compile(r"0895(\d{4})(\d{2})\Z")

Publications = list[tuple[str, int, float]]
"""(version, epoch, seconds since 1970), as they were published."""


@dataclass(slots=True)
class Pages:
    """Checks pages of all hosts: one version on each, one revision in each version.

    `first_seen` is when a version was first seen, `revisions` what it holds.
    """

    first_seen: dict[str, float] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    newest: int = 0

    def check(self, _url: str, page: OpenedPage) -> str:
        """Return what is wrong with a page, "" if nothing is."""
        versions, revisions = versions_of(page), revisions_of(page)
        for name, number in page.rows:
            found = _NUMBER.search(number)
            if found is None:
                return f"nobody has this number: {name}, {number}"
            # Some models show few letters of a name.
            if (named := _NAME.search(name)) and named[1] != found[2]:
                return f"the number of somebody else: {name}, {number}"
        if len(versions) > 1 or len(revisions) > 1:
            return f"versions {versions} and revisions {revisions} on one page"
        for version in versions:
            self.first_seen.setdefault(version, time.time())
            for revision in revisions:
                known = self.revisions.setdefault(version, revision)
                if known != revision:
                    return f"version {version} shows revision {known}, and then {revision}"
        return ""

    def unpublished(self, publications: Publications) -> list[str]:
        """Return what was seen that was not published, or not yet."""
        times: dict[str, float] = {}
        for version, _, at in publications:
            times.setdefault(version, at)
        return [
            f"{version} was seen, and is not published"
            if version not in times
            else f"{version} was seen {times[version] - seen:.3f} s before it was published"
            for version, seen in self.first_seen.items()
            if seen < times.get(version, math.inf)
        ]

    def backwards(self, publications: Publications) -> list[str]:
        """Return where a publication has older contents than the one before it."""
        known = [
            (version, epoch, self.revisions[version])
            for version, epoch, _ in publications
            if version in self.revisions
        ]
        return [
            f"{before} was followed by {after}"
            for before, after in zip(known, known[1:], strict=False)
            if after[2] < before[2] or after[0] < before[0] or after[1] < before[1]
        ]


def versions_of(page: OpenedPage) -> set[str]:
    """Return the versions in the links of a page."""
    return {found.decode() for found in VERSION.findall(page.answer.body)}


def revisions_of(page: OpenedPage) -> set[int]:
    """Return the revisions in the names and numbers of a page."""
    named = {int(found) for found in _REVISION.findall(page.answer.body)}
    dialled = (_NUMBER.search(number) for _, number in page.rows)
    return named | {int(found[1]) for found in dialled if found is not None}


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a host was first seen to serve a version, and what revision that holds."""

    at: float
    version: str
    revision: int


def went_back(sightings: dict[str, list[Sighting]]) -> list[str]:
    """Return where a host served an older version after a newer one."""
    return [
        f"{host} served {before.version}, and then {after.version}"
        for host, seen in sightings.items()
        for before, after in zip(seen, seen[1:], strict=False)
        if after.version < before.version
    ]


@dataclass(frozen=True, slots=True)
class Round:
    """Faults that lasted from `begun` to `healed`, when people were changed again.

    At `together` all hosts served that change. All times are seconds since 1970.
    """

    begun: float
    kinds: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    healed: float = math.inf
    together: float = math.inf

    def disturbs(self, host: str, since: float, until: float) -> bool:
        """Return whether a host cannot be expected to have followed in these seconds."""
        is_its = host in self.targets or ENGINE in self.targets
        return is_its and self.begun <= until and since <= self.together


def lags(
    publications: Publications, sightings: dict[str, list[Sighting]], rounds: list[Round]
) -> list[tuple[float, str, float]]:
    """Return (published at, host, seconds until it was served) for each host in order.

    Left out is a host while a fault of it or of the engine lasts, and until all hosts
    have come together after it.
    """
    found = []
    for host, seen in sightings.items():
        for version, _, at in publications:
            served = next((one.at for one in seen if one.version >= version), None)
            if served is None or any(one.disturbs(host, at, served) for one in rounds):
                continue
            found.append((at, host, served - at))
    return sorted(found)
