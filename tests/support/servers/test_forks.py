"""Commands in forks end as commands of their own do."""

import subprocess
from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.servers.forks import forks
from tests.support.servers.gateway import command, environment, run


@pytest.mark.parametrize(
    "words",
    [("--version",), ("nonsense",), ("show", "/staff.xml"), ("check",), ("fetch", "nobody")],
    ids=" ".join,
)
def test_a_fork_prints_what_a_process_prints(tmp_path: Path, words: tuple[str, ...]) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(3)))
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    alone = subprocess.run(
        command(*words),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    forked = run(*words, cwd=tmp_path)
    assert (alone.returncode, alone.stdout, alone.stderr) == (
        forked.returncode,
        forked.stdout,
        forked.stderr,
    )


def test_a_command_that_is_not_awaited_answers_no_other(tmp_path: Path) -> None:
    former = forks()
    former.limit(0.0001)
    with pytest.raises(TimeoutError):
        run("--version", cwd=tmp_path)
    assert former is not forks()
    assert 0 == run("--version", cwd=tmp_path).returncode
