"""Writing the token file: whole at every moment, and its owner's alone."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

from connectors.google.credential_files import TokenFile, write_token_file

CONTENT = TokenFile(client_id="c", client_secret="s", refresh_token="r")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "token.json"
    link.symlink_to(tmp_path / "real" / "token.json")
    write_token_file(link, CONTENT)
    assert link.is_symlink()
    assert "r" == json.loads((tmp_path / "real" / "token.json").read_bytes())["refresh_token"]


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "token.json"
    write_token_file(path, CONTENT)
    assert (0o700, 0o600) == (
        stat.S_IMODE(path.parent.stat().st_mode),
        stat.S_IMODE(path.stat().st_mode),
    )


def test_the_group_of_a_folder_with_setgid_reads_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o2750)
    write_token_file(tmp_path / "token.json", CONTENT)
    assert 0o640 == stat.S_IMODE((tmp_path / "token.json").stat().st_mode)


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".token.json.1.new", tmp_path / ".token.json.2.new"
    for path in (old, fresh):
        path.write_text("{")
    os.utime(old, (time.time() - 3600,) * 2)
    write_token_file(tmp_path / "token.json", CONTENT)
    assert [".token.json.2.new", "token.json"] == sorted(path.name for path in tmp_path.iterdir())


def test_root_gives_the_file_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    os.chown(tmp_path, owner, -1)
    write_token_file(tmp_path / "token.json", CONTENT)
    assert owner == (tmp_path / "token.json").stat().st_uid


KEEPS_RENEWING = """
import sys, time
from pathlib import Path
from connectors.google.client import TokenAnswer
from connectors.google.credentials import UserCredentials

access = UserCredentials(Path(sys.argv[1]), "https://example.com/token", ())
number = 0
while True:
    number += 1
    token = b'{"access_token": "%s-%d", "expires_in": 3600}' % (b"x" * 20000, number)
    answer = TokenAnswer(200, {}, token)
    access.renew(lambda **_: answer)
    print(number, flush=True)
"""


def test_the_token_file_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    write_token_file(path, CONTENT)
    for renewals in (1, 2, 5, 11):
        with subprocess.Popen(
            [sys.executable, "-c", KEEPS_RENEWING, str(path)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for number in range(1, renewals + 1):
                assert f"{number}\n" == child.stdout.readline()
            # It is somewhere in the next renewals.
            child.kill()
        kept = json.loads(path.read_bytes())
        assert ("r", 0o600) == (kept["refresh_token"], stat.S_IMODE(path.stat().st_mode))
        # What was said to be written stays.
        assert renewals <= int(kept["token"].rpartition("-")[2])
