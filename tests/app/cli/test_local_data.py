"""`numbers` and `explain` read stored contacts of the current configuration only."""

from pathlib import Path

from tests.support.servers.gateway import run

CONFIG = (
    '[sources.staff]\nconnector = "csv"\npath = "{}"\n[sources.plain]\nconnector = "csv"\npath ='
    ' "plain.csv"\n'
)
BOOK = '[books.all]\nsources = ["staff", "plain"]\n'


def test_contacts_of_another_configuration_are_read_anew_and_nothing_stored_changes(
    tmp_path: Path,
) -> None:
    for name, people in (
        ("old", "Ann,1001\nBob,1002\nCat,1003"),
        ("new", "Dan,1004"),
        ("plain", "Eve,1005"),
    ):
        (tmp_path / f"{name}.csv").write_text(f"name,number\n{people}\n")
    (tmp_path / "gateway.toml").write_text(CONFIG.format("old.csv") + BOOK)
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    assert ["Ann", "Bob", "Cat", "Eve"] == names(tmp_path)
    # What fits is kept where its source cannot be read just now; what does not is never taken for
    # this configuration's.
    (tmp_path / "plain.csv").unlink()
    (tmp_path / "gateway.toml").write_text(CONFIG.format("new.csv") + BOOK)
    assert ["Dan", "Eve"] == names(tmp_path)
    assert "source staff" in run("explain", "dan", cwd=tmp_path).stdout
    output = run("explain", "ann", cwd=tmp_path).stdout
    assert (
        "No source has a contact that matches 'ann'" in output
        and "source staff: 1 contact\n" in output
    )
    (tmp_path / "new.csv").unlink()
    # A source that cannot be read as it is configured now is told, and makes the command fail.
    assert ["Eve"] == names(tmp_path, code=1)
    (tmp_path / "gateway.toml").write_text(CONFIG.format("old.csv") + BOOK)
    assert ["Ann", "Bob", "Cat", "Eve"] == names(tmp_path)


def test_who_is_not_found_may_be_in_a_source_that_cannot_be_read_now(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\n'
    )
    (tmp_path / "staff.csv").write_text("name,number\nAnn,1001\n")
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    assert "last read" not in run("explain", "new", cwd=tmp_path).stdout
    (tmp_path / "staff.csv").unlink()
    assert 1 == run("build", "--once", cwd=tmp_path).returncode
    output = run("explain", "new", cwd=tmp_path).stdout
    assert "source staff: 1 contact\n    failing, last read 20" in output
    assert "staff.csv is not there" in output


def names(folder: Path, code: int = 0) -> list[str]:
    done = run("numbers", cwd=folder)
    assert (code, code == 0) == (done.returncode, "new.csv is not there" not in done.stderr), done
    return sorted(line.partition("\t")[0] for line in done.stdout.splitlines())
