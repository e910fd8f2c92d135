"""vCard files: the contract, and what must never be taken for an empty address book."""

import tracemalloc
from pathlib import Path

import pytest

from connectors.base import Connector, Delta, Skipped, SourceRefused, SourceUnavailable
from connectors.contact import Contact
from connectors.vcard.connector import VcardConnector
from connectors.vcard.parser import NOT_ENDED
from tests.connectors.contract import ConnectorContract, World, everything, names
from tests.connectors.vcard.cards import card, card_of


class FolderWorld(World):
    """A folder with one file for each person, as iCloud exports them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._away = folder.with_name("away")
        folder.mkdir()

    def connector(self) -> Connector:
        return VcardConnector.model_validate({"path": str(self._folder)})

    def put(self, *people: Contact) -> None:
        for one in people:
            (self._folder / f"{one.id}.vcf").write_text(card_of(one), newline="")

    def remove(self, *keys: str) -> None:
        for key in keys:
            (self._folder / f"{key}.vcf").unlink()

    def break_down(self) -> None:
        self._folder.rename(self._away)

    def repair(self) -> None:
        self._away.rename(self._folder)


class FileWorld(World):
    """One file with everybody in it, as Android exports them: without UIDs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._people: dict[str, Contact] = {}

    def connector(self) -> Connector:
        return VcardConnector.model_validate({"path": str(self._path)})

    def put(self, *people: Contact) -> None:
        self._people |= {one.id: one for one in people}
        self._write()

    def remove(self, *keys: str) -> None:
        for key in keys:
            del self._people[key]
        self._write()

    def _write(self) -> None:
        cards = (card_of(one).replace(f"UID:uid-{one.id}\r\n", "") for one in self._people.values())
        self._path.write_text("".join(cards), newline="")

    def break_down(self) -> None:
        self._path.unlink(missing_ok=True)

    def repair(self) -> None:
        self._write()


class TestFolderOfCards(ConnectorContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> World:
        return FolderWorld(tmp_path / "cards")


class TestOneFile(ConnectorContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> World:
        return FileWorld(tmp_path / "all.vcf")


def _connector(*paths: Path | str) -> VcardConnector:
    return VcardConnector.model_validate({"path": [str(path) for path in paths]})


def test_files_folders_and_patterns_are_read_together(tmp_path: Path) -> None:
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "a.vcf").write_text(card("FN:A"))
    (tmp_path / "sub" / "b.VCF").write_text(card("FN:B"))
    (tmp_path / "sub" / "deep" / "c.vcard").write_text(card("FN:C"))
    (tmp_path / "sub" / ".d.vcf").write_text(card("FN:hidden"))
    (tmp_path / "sub" / "e.txt").write_text(card("FN:no card"))
    assert ["A", "B", "C"] == names(everything(_connector(tmp_path / "a.vcf", tmp_path / "sub")))
    assert ["A"] == names(everything(_connector(tmp_path / "*.vcf", tmp_path / "a.vcf")))
    assert ["A", "C"] == names(everything(_connector(tmp_path / "**" / "[ac].vc*")))


def test_paths_start_at_the_configuration_file(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(card("FN:A"))
    connector = VcardConnector.model_validate({"path": "a.vcf"}, context={"base": tmp_path})
    assert ["A"] == names(everything(connector))
    assert (tmp_path,) == connector.watched_folders()


def test_folders_are_watched(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert (tmp_path, tmp_path / "sub") == _connector(
        tmp_path / "a.vcf", tmp_path / "sub", tmp_path / "*.vcf"
    ).watched_folders()
    assert (tmp_path,) == _connector(tmp_path / "*" / "*.vcf").watched_folders()


def test_unchanged_files_are_an_empty_delta_whatever_their_clock_says(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text(card("FN:A"))
    first = everything(_connector(path))
    path.write_text(card("FN:A"))
    assert Delta(checkpoint=first.checkpoint) == _connector(path).fetch(first.checkpoint)


@pytest.mark.parametrize(
    "content, text",
    [
        (b"", "holds no vCard"),
        (b"name,number\nAnn,1\n", "holds no vCard"),
        ((card("FN:A") + "BEGIN:VCARD\r\nFN:B\r\nTEL:").encode(), "ends in the middle of a card"),
    ],
    ids=["empty", "csv", "cut"],
)
def test_a_file_in_the_making_is_unavailable(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(content)
    with pytest.raises(SourceUnavailable, match=text):
        _connector(path).fetch(None)


def test_nothing_there_is_unavailable(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "*.vcf"):
        with pytest.raises(SourceUnavailable, match=r"No vCard file is at .* Check path"):
            _connector(path).fetch(None)
    with pytest.raises(
        SourceUnavailable, match=r"cannot be read \(No such file or directory\). Check path"
    ):
        _connector(tmp_path / "a.vcf").fetch(None)


def test_one_missing_file_of_two_is_never_half_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(card("FN:A"))
    with pytest.raises(SourceUnavailable):
        _connector(tmp_path / "a.vcf", tmp_path / "b.vcf").fetch(None)


def test_a_giant_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "giant.vcf"
    with path.open("wb") as file:
        file.truncate(600_000_000)
    with pytest.raises(SourceRefused, match="larger than 512 MB"):
        _connector(path).fetch(None)


def test_a_folder_of_large_files_is_never_in_memory_all_at_once(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.vcf").write_text(
            card(f"FN:{number}", "PHOTO;ENCODING=b:" + "A" * 2_000_000)
        )
    for since in (None, everything(_connector(tmp_path)).checkpoint):
        tracemalloc.start()
        _connector(tmp_path).fetch(since)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 15_000_000


def test_broken_cards_are_reported_by_file_uid_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(card("FN:A") + card("UID:bad") + card("NOTE:x"))
    result = everything(_connector(tmp_path))
    assert ["A"] == names(result)
    reason = "card without name, organisation and number"
    assert (
        Skipped(reason, "a.vcf: card bad line 5"),
        Skipped(reason, "a.vcf: card without UID line 9"),
    ) == result.skipped


def test_groups_span_files_and_equal_ids_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(
        card("UID:u1", "FN:A", "CATEGORIES:Own") + card("FN:No UID") + card("FN:No UID")
    )
    (tmp_path / "b.vcf").write_text(card("UID:u1", "FN:A again"))
    (tmp_path / "g.vcf").write_text(card("UID:g", "KIND:group", "FN:Club", "MEMBER:urn:uuid:U1"))
    result = everything(_connector(tmp_path))
    assert 4 == len({contact.id for contact in result.contacts})
    assert ("u1", "u1 #2") == tuple(
        contact.id for contact in result.contacts if contact.name.startswith("A")
    )
    assert {("Own", "Club"), (), ("Club",)} == {contact.groups for contact in result.contacts}


@pytest.mark.parametrize(
    "data", [{}, {"path": ""}, {"path": []}, {"path": 5}, {"path": "a.vcf", "x": 1}]
)
def test_wrong_configuration_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        VcardConnector.model_validate(data)


def test_a_uid_that_looks_like_the_number_of_a_double_is_nobody_elses(tmp_path: Path) -> None:
    cards = (("a", "Anna"), ("a", "Bert"), ("a #2", "Carl"), ("a", "Dora"))
    (tmp_path / "all.vcf").write_text(
        "".join(card(f"UID:{uid}", f"FN:{name}") for uid, name in cards), newline=""
    )
    found = everything(VcardConnector.model_validate({"path": str(tmp_path / "all.vcf")})).contacts
    assert [("a", "Anna"), ("a #3", "Bert"), ("a #2", "Carl"), ("a #4", "Dora")] == [
        (one.id, one.name) for one in found
    ]


def test_a_card_without_end_is_reported_and_costs_nobody(tmp_path: Path) -> None:
    cut = card("UID:cut", "FN:A", "TEL:1").replace("END:VCARD\r\n", "")
    (tmp_path / "a.vcf").write_text(cut + card("FN:B", "TEL:2"), newline="")
    result = everything(_connector(tmp_path))
    assert (["A", "B"], (Skipped(NOT_ENDED, "a.vcf: card cut line 1"),)) == (
        names(result),
        result.skipped,
    )


def test_letters_that_were_lost_before_are_noted(tmp_path: Path) -> None:
    twice = "Müller".encode().decode("cp1252")
    (tmp_path / "a.vcf").write_text(card("FN:M\ufffdller") + card(f"FN:{twice}"), newline="")
    result = everything(_connector(tmp_path))
    assert [True, True] == [
        note.startswith(f"a.vcf line {line} holds ")
        for note, line in zip(result.notes, (3, 7), strict=True)
    ]


def test_other_encodings_hold_such_letters_by_chance(tmp_path: Path) -> None:
    name = b"\xc3\x83\xc2\xc3".decode("gbk")
    data = card(f"FN;CHARSET=GBK:{name}", version="2.1").encode("gbk")
    (tmp_path / "a.vcf").write_bytes(data)
    result = everything(_connector(tmp_path))
    assert ([name], ()) == (names(result), result.notes)
