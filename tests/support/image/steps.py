"""Carry out the steps of a Dockerfile, one by one, each stage in a folder of its own.

A line of the shell runs on this machine, with the paths of the image turned into paths
of that folder. Packages of Debian are those of this machine: `apt-get` does nothing.
What has been built runs by chroot if the tests run as root, so that it finds no other
file. Otherwise it runs in place.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.image.dockerfile import Instruction, Stage

_PATHS = re.compile(r"(?<![\w./])/(?=(venv|build|image|opt|usr|var|etc)\b)")
IS_ROOT = os.geteuid() == 0


class Failed(Exception):
    """A step ended with an error. The text is the step and what it printed."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a stage made of an empty root: its files, and what ENV, USER and CMD say."""

    root: Path
    stage: Stage

    @property
    def environment(self) -> dict[str, str]:
        """The variables that ENV sets, with the search path that each base image has."""
        found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        for item in self.stage.instructions:
            if item.word == "ENV":
                found |= item.pairs()
        return found if IS_ROOT else {key: self.place(text) for key, text in found.items()}

    @property
    def user(self) -> int:
        """The number of the user of USER, or without root that of the tests."""
        return int(self.stage.last("USER").rest.split(":")[0]) if IS_ROOT else os.geteuid()

    def place(self, text: str) -> str:
        """Return a text with the paths of the image as paths of this machine."""
        return ":".join(_PATHS.sub(f"{self.root}/", part) for part in text.split(":"))

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs a command of the image as its user."""
        name = shutil.which(words[0], path=self.place(":".join(("/usr/local/bin", "/usr/bin"))))
        assert name is not None, f"the image has no {words[0]}"
        if IS_ROOT:
            user = f"--userspec={self.user}:{self.user}"
            return ["/usr/sbin/chroot", user, str(self.root), *words]
        python = str(self.root / "usr/bin/python3")
        rest = [self.place(word) for word in words[1:]]
        return [python, *rest] if words[0] == "python3" else [python, name, *rest]

    def files(self) -> dict[str, tuple[int, int]]:
        """Return each file with its size (bytes) and its time (ns)."""
        found = {}
        for path in self.root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                status = path.stat()
                found[str(path.relative_to(self.root))] = (status.st_size, status.st_mtime_ns)
        return found


def carry_out(
    stage: Stage,
    root: Path,
    context: Path,
    earlier: dict[str, Image],
    python: str = sys.executable,
) -> Image:
    """Carry out the steps of a stage in `root`, where its base is already.

    `context` is the folder of the sources, `earlier` the stages by name, `python` what
    `python` and `pip` mean in a line of the shell. Raises Failed.
    """
    image, folder = Image(root, stage), root
    search = _programs(root.parent / "programs", python)
    for item in stage.instructions:
        if item.word == "WORKDIR":
            folder = Path(image.place(item.rest))
            folder.mkdir(parents=True, exist_ok=True)
        elif item.word == "COPY":
            origin = earlier[item.option("from")].root if item.options else context
            _copy(item, image, folder, origin)
        elif item.word == "RUN":
            _run(item, image, folder, search)
    return image


def _programs(folder: Path, python: str) -> str:
    """Write the programs that a line of the shell finds first; return its search path."""
    lines = {
        "apt-get": "exit 0",
        "python": f'exec "{python}" "$@"',
        "pip": f'exec "{python}" -m pip "$@"',
    }
    folder.mkdir(exist_ok=True)
    for name, line in lines.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def _copy(item: Instruction, image: Image, folder: Path, origin: Path) -> None:
    *names, to = item.rest.split()
    target = image.root / to.lstrip("/") if to.startswith("/") else folder / to
    # As .dockerignore has it.
    ignore = None if item.options else shutil.ignore_patterns("__pycache__")
    for name in names:
        source = origin / name.lstrip("/")
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=ignore)
        else:
            shutil.copy2(source, target)


def _run(item: Instruction, image: Image, folder: Path, search: str) -> None:
    words, variables = item.words(), image.environment
    if words is None:
        command = ["/bin/sh", "-ec", _PATHS.sub(f"{image.root}/", item.rest)]
        variables = os.environ | {
            "PATH": search,
            "PYTHONPATH": "",
            "PIP_ROOT_USER_ACTION": "ignore",
        }
    elif IS_ROOT:
        command = ["/usr/sbin/chroot", str(image.root), *words]
    else:
        own = (word.replace("10001", str(os.geteuid())) for word in words)
        command = image.command(*(_PATHS.sub(f"{image.root}/", word) for word in own))
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{item.rest}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
