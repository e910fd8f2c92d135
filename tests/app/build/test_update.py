"""A generation that is made from the one before equals one that is made from nothing."""

import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from app.build import base, composer
from app.build.composer import Composed, Composer
from app.generation.files import delete_old_generations, read_current
from app.generation.memo import find_memo
from app.generation.profile_update import ProfileUpdate
from app.refresh.refresher import Refresher
from app.settings.loader import Settings, load
from app.state.directory import prepare_state_dir
from app.state.store import FILE, Store
from connectors.base import Full
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support.generations import contents
from tests.support.paths import ROOT

SOURCES = ("one", "two", "three")
CONFIG = """
[numbers]
region = "DE"
[sources.one]
connector = "csv"
path = "one.csv"
allow_empty = true
max_loss = 1
[sources.two]
connector = "csv"
path = "two.csv"
allow_empty = true
max_loss = 1
[sources.three]
connector = "csv"
path = "three.csv"
allow_empty = true
max_loss = 1
[books.all]
sources = ["one", "two"]
private_label = "private"
[books.one]
sources = ["one"]
exclude_groups = ["left"]
kinds = ["mobile", "work"]
[books.two]
sources = ["two", "three"]
groups = ["sales", "left"]
merge = false
[books.named]
sources = ["one", "two", "three"]
exclude = ["^Bob"]
[dial.help]
title = "Help"
number = "1001"
[profiles.default]
[profiles.other]
sort_by = "first"
name_order = "last-first"
menu = ["named", "help"]
[profiles.third]
menu = ["two", "one"]
[profiles.third.numbers]
allow_plus = true
"""

NAMES = st.sampled_from(
    [
        *("Ann Smith", "Ann Smith", "ann smith", "A. Smith", "Bob Miller", "Bob Müller", "", "Zoë"),
        *("Ann Smith (1001)", "Ann Smith (Sales)", "Ann Smith (1001) (1001)", "佐藤 明"),
        "Maximiliane Hohenzollern-Sigmaringen-Altshausen",
    ]
)
NUMBERS = st.lists(
    st.builds(
        PhoneNumber,
        st.sampled_from(
            ["1001", "1002", "2001", "+49 89 555 1001", "089 5551001", "030 9991001", "x", "110012"]
        ),
        st.sampled_from([NumberKind.WORK, NumberKind.MOBILE, NumberKind.MAIN, NumberKind.FAX]),
        st.sampled_from(["", "", "", "private"]),
    ),
    max_size=3,
).map(tuple)


@st.composite
def people(draw: st.DrawFn) -> Contact:
    given_name, _, family = (name := draw(NAMES)).partition(" ")
    has_parts = draw(st.booleans())
    return Contact(
        id=draw(st.sampled_from([f"p{number}" for number in range(9)])),
        name=name,
        given_name=given_name if has_parts else "",
        family_name=family if has_parts else "",
        organization=draw(st.sampled_from(["", "", "Acme Limited", "Bob & Co"])),
        department=draw(st.sampled_from(["", "Sales", "Support"])),
        emails=draw(st.sampled_from([(), (), ("ann.smith@example.org",), ("bob@example.org",)])),
        groups=draw(st.sampled_from([(), ("sales",), ("left",), ("sales", "left")])),
        numbers=draw(NUMBERS),
    )


@dataclass
class Site:
    """A state directory whose sources are given, not fetched."""

    folder: Path
    is_new: bool = True
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        if self.is_new:
            self.folder.mkdir(parents=True)
            (self.folder / "gateway.toml").write_text(CONFIG)
        self.settings = load(self.folder / "gateway.toml")
        prepare_state_dir(self.state)
        self.store = Store(self.state)
        self.store.open("now")
        self.composer = Composer(self.settings, self.store, self.state)

    @property
    def state(self) -> Path:
        return self.settings.state_dir

    def put(self, source: str, found: tuple[Contact, ...]) -> None:
        section = self.settings.source(source)
        assert section is not None
        refresher = Refresher(section, self.store)
        refresher.handle_result(Full(found))
        assert "ok" == refresher.status.state, refresher.status.error

    def compose(self) -> Composed:
        composed = self.composer.compose()
        delete_old_generations(self.state, 0.0, 1)
        return composed

    def from_nothing(self, other: Path) -> dict[str, object]:
        """Return what a generation of the same contacts from nothing holds."""
        site = Site(other)
        shutil.copy(self.state / "sources.sqlite", site.state / "sources.sqlite")
        assert not site.compose().is_update
        return contents(site.state)


def differences(one: dict[str, object], other: dict[str, object]) -> dict[str, object]:
    return {
        key: (one.get(key), other.get(key)) for key in one | other if one.get(key) != other.get(key)
    }


STEP = st.dictionaries(
    st.sampled_from(SOURCES),
    st.tuples(st.lists(people(), max_size=3), st.sets(st.integers(0, 8), max_size=2)),
)


# Shrinking would build a thousand generations.
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    first=st.fixed_dictionaries({source: st.lists(people(), max_size=8) for source in SOURCES}),
    steps=st.lists(STEP, min_size=1, max_size=3),
)
def test_random_changes_give_what_a_build_from_nothing_gives(
    first: dict[str, list[Contact]],
    steps: list[dict[str, tuple[list[Contact], set[int]]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder / "site")
    held = {source: {person.id: person for person in found} for source, found in first.items()}
    for source in SOURCES:
        site.put(source, tuple(held[source].values()))
    site.compose()
    for number, step in enumerate(steps):
        for source, (changed, gone) in step.items():
            for key in gone:
                held[source].pop(f"p{key}", None)
            held[source] |= {person.id: person for person in changed}
            site.put(source, tuple(held[source].values()))
        site.compose()
        expected = site.from_nothing(folder / f"other{number}")
        assert {} == differences(expected, contents(site.state))


def crowd(count: int, *, changed: int = -1) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            id=f"{key:03d}",
            name=f"Person {key:03d}",
            groups=("sales",),
            numbers=(PhoneNumber(f"{(7000 if key == changed else 2000) + key}", NumberKind.WORK),),
        )
        for key in range(count)
    )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site with 30 contacts in each source, and a generation of them."""
    site = Site(tmp_path / "site")
    for source in SOURCES:
        site.put(source, crowd(30))
    assert not site.compose().is_update
    return site


def test_a_change_of_one_contact_is_an_update(site: Site, tmp_path: Path) -> None:
    before = read_current(site.state)
    assert site.compose().is_update
    assert before.digest == read_current(site.state).digest  # nothing changed, no byte differs
    site.put("one", crowd(31, changed=7))
    assert site.compose().is_update
    assert {} == differences(site.from_nothing(tmp_path / "other"), contents(site.state))
    # Another process goes on from there.
    site.composer = Composer(site.settings, site.store, site.state)
    site.put("one", crowd(29, changed=8))
    assert site.compose().is_update
    assert {} == differences(site.from_nothing(tmp_path / "another"), contents(site.state))


def test_a_contact_that_is_gone_leaves_nothing_in_the_copy(site: Site) -> None:
    secret = msgspec.structs.replace(crowd(1)[0], id="x", name="Zebulon Quixley")
    site.put("one", (*crowd(30), secret))
    assert site.compose().is_update
    assert b"Quixley" in published(site, "gen").read_bytes()
    site.put("one", crowd(30))
    assert site.compose().is_update
    for path in (published(site, "gen"), memo_of(site)):
        assert b"Quixley" not in path.read_bytes()


def memo_of(site: Site) -> Path:
    memo = find_memo(site.state, read_current(site.state).version)
    assert memo is not None
    assert 0o600 == memo.stat().st_mode & 0o777
    return memo


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def another_configuration(site: Site) -> None:
    text = CONFIG.replace('exclude = ["^Bob"]', 'exclude = ["^Ann"]')
    (site.folder / "gateway.toml").write_text(text)
    site.settings = load(site.folder / "gateway.toml")
    site.composer = Composer(site.settings, site.store, site.state)


def steps_are_unknown(site: Site) -> None:
    with closing(sqlite3.connect(site.state / FILE)) as file, file:
        file.execute("DROP TABLE step")


def published(site: Site, name: str) -> Path:
    return site.state / f"{name}-{read_current(site.state).version}.sqlite"


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("no memo", lambda site: memo_of(site).unlink()),
        ("memo-.* is damaged", lambda site: damage(memo_of(site))),
        ("gen-.* is damaged", lambda site: damage(published(site, "gen"))),
        ("people-.* is damaged", lambda site: damage(published(site, "people"))),
        ("cannot be read", lambda site: published(site, "people").unlink()),
        ("no generation is published", lambda site: (site.state / "current").unlink()),
        ("configuration is another", another_configuration),
        ("unknown which contacts changed", steps_are_unknown),
        ("too many contacts changed", lambda site: site.put("two", crowd(260))),
    ],
)
def test_if_the_last_generation_does_not_fit_one_is_made_from_nothing(
    site: Site, tmp_path: Path, reason: str, cause: Callable[[Site], None]
) -> None:
    site.put("one", crowd(30, changed=4))
    cause(site)
    with capture_logs() as lines:
        assert not site.compose().is_update
    (line,) = (line for line in lines if line["event"] == "built_from_nothing")
    assert re.search(reason, str(line["reason"])) and "debug" == line["log_level"]
    site.put("one", crowd(30, changed=5))
    assert site.compose().is_update
    if reason != "configuration is another":
        assert {} == differences(site.from_nothing(tmp_path / "other"), contents(site.state))


def test_another_program_makes_one_from_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composer, "program_fingerprint", lambda: "another")
    assert not site.compose().is_update
    assert site.compose().is_update


def test_a_fault_in_an_update_makes_one_from_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("Ann Smith")

    with monkeypatch.context() as patched, capture_logs() as lines:
        patched.setattr(ProfileUpdate, "replace", broken)
        site.put("one", crowd(31))
        assert not site.compose().is_update
    (line,) = (line for line in lines if line["event"] == "update_failed")
    assert "test_update.py" in line["where"] and "Ann" not in repr(lines)
    assert {} == differences(site.from_nothing(tmp_path / "other"), contents(site.state))


def test_now_and_then_one_is_made_from_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MAX_UPDATES", 2)
    made = []
    for changed in range(4):
        site.put("one", crowd(30, changed=changed))
        made.append(site.compose().is_update)
    assert [True, True, False, True] == made


def test_too_many_contacts_that_depend_on_one_make_one_from_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MIN_LIMIT", 5)
    shared = PhoneNumber("9999", NumberKind.MAIN)

    def sharing(count: int) -> tuple[Contact, ...]:
        return tuple(
            msgspec.structs.replace(person, numbers=(*person.numbers, shared))
            for person in crowd(count)
        )

    site.put("one", sharing(8))
    site.compose()
    with capture_logs() as lines:
        site.put("one", sharing(9))
        assert not site.compose().is_update
    (line,) = (line for line in lines if line["event"] == "built_from_nothing")
    assert "too many contacts depend" in str(line["reason"])


LOOP = """
import sys
from pathlib import Path
from tests.app.build.test_update import Site, crowd
site = Site(Path(sys.argv[1]), is_new=False)
print("ready", flush=True)
for changed in range(100_000):
    site.put("one", crowd(40 + changed % 3, changed=changed % 40))
    site.compose()
"""


def test_a_kill_at_any_moment_leaves_what_the_next_build_makes_right(
    site: Site, tmp_path: Path
) -> None:
    chance = random.Random(4)
    for attempt in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", LOOP, str(site.folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            assert b"ready" in process.stdout.readline()
            first = read_current(site.state).version
            while read_current(site.state).version == first:
                assert process.poll() is None
            threading.Event().wait(chance.random() / 5)
            process.kill()
        served = contents(site.state)
        assert served["rows default/one"]
        site.composer = Composer(site.settings, site.store, site.state)
        site.put("one", crowd(39, changed=attempt))
        site.compose()
        expected = site.from_nothing(tmp_path / f"other{attempt}")
        assert {} == differences(expected, contents(site.state))
