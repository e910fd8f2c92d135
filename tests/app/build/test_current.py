"""What makes a published generation out of date: its people file counts too."""

from pathlib import Path

import pytest

from app.build.current import CurrentGeneration
from app.generation.files import CURRENT, people_file_name, read_current
from app.state.store import Store
from tests.support import contacts
from tests.support.offline_gateway import built, write_people


@pytest.mark.parametrize("fault", ["missing", "damaged", "written by an earlier program"])
def test_a_people_file_that_cannot_be_used_makes_the_next_build_due(
    tmp_path: Path, fault: str
) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann Smith", "Work Phone": "1001"}])
    settings = built(tmp_path, contacts.CONFIG)
    current = CurrentGeneration(settings, Store(settings.state_dir))
    assert current.is_up_to_date()
    published = read_current(settings.state_dir)
    path = settings.state_dir / people_file_name(published.version)
    if fault == "missing":
        path.unlink()
    elif fault == "damaged":
        path.write_bytes(path.read_bytes()[:-100] + b"x" * 100)
    else:
        file = settings.state_dir / CURRENT
        file.write_text("\n".join(file.read_text().split()[:3]) + "\n")
    assert not current.is_up_to_date()
    assert read_current(settings.state_dir).version == published.version
