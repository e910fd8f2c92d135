"""Test that links into many older generations leave the current one open."""

from pathlib import Path

from app.build.builder import Builder
from app.build.once import build_once
from app.phones.registry import FORMATS
from app.settings.loader import load
from app.web.access import SelectedProfile
from app.web.generations import MAX_OPEN
from app.web.publisher import Publisher
from tests.bench import data

CONTACTS = 200


def test_old_links_do_not_close_the_generation_of_today(tmp_path: Path) -> None:
    csv = data.write_csv(tmp_path / "contacts.csv", CONTACTS)
    (tmp_path / "gateway.toml").write_text(data.configuration(csv), encoding="utf-8")
    settings = load(tmp_path / "gateway.toml")
    build_once(settings)
    builder = Builder(settings)
    builder.prepare()
    versions = []
    for _ in range(MAX_OPEN + 2):
        builder.compose()
        publisher = Publisher(settings)
        assert publisher.generation is not None
        versions.append(publisher.generation.version)
        publisher.close()
    publisher = Publisher(settings)
    choice, dialect = SelectedProfile(settings.profiles[0], ""), FORMATS["cisco"].dialect({})
    for version in versions[:-1]:
        page = publisher.answer(choice, f"staff/{version}/1.xml", dialect, "http://gateway").body
        assert version.encode() in page
    assert (
        versions[-1].encode()
        in publisher.answer(choice, "staff.xml", dialect, "http://gateway").body
    )
    publisher.close()
