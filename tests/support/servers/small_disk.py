"""Full and read-only disks, made with what this machine allows.

If mounting is forbidden, files are bounded in size instead (RLIMIT_FSIZE).
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory


def _mount(folder: Path, options: str) -> bool:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@cache
def may_mount() -> bool:
    """Return whether this process may mount a small file system."""
    with TemporaryDirectory() as name:
        if os.geteuid() != 0 or not _mount(Path(name), "size=64k"):
            return False
        _unmount(Path(name))
        return True


@contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Yield a folder on a file system of its own with this capacity."""
    folder.mkdir(exist_ok=True)
    assert _mount(folder, f"size={kilobytes}k,mode=700")
    try:
        yield folder
    finally:
        _unmount(folder)


def fill(folder: Path) -> Path:
    """Fill the file system of a folder, and return the file that does so.

    A file that did so before grows.
    """
    path = folder / "filler"
    with path.open("ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return path


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Make a folder's contents read-only within the block."""
    if may_mount():
        subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        try:
            yield
        finally:
            _unmount(folder)
        return
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
