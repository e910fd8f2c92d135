"""Put the interpreter of the tests into an empty root, in place of a base image."""

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

_LEFT_OUT = ("__pycache__", "site-packages", "dist-packages", "test", "idlelib", "ensurepip")
_NEEDED = re.compile(r"(?:=> )?(/\S+) \(0x")


def install(root: Path) -> None:
    """Copy Python, its library as source, and the C libraries of both below `root`.

    Python becomes /usr/bin/python3, as in the base image.
    """
    binary = Path(sys.executable).resolve()
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = root / "usr" / "lib" / name
    ignore = shutil.ignore_patterns(*_LEFT_OUT, "config-*", "turtledemo", "tkinter", "lib2to3")
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=ignore)
    target = root / "usr" / "bin" / name
    target.parent.mkdir()
    shutil.copy2(binary, target)
    (target.parent / "python3").symlink_to(name)
    # Links of a library that the system keeps elsewhere are followed by copytree.
    compiled = [binary, *(library / "lib-dynload").glob("*.so")]
    output = subprocess.run(["ldd", *compiled], capture_output=True, text=True, check=True).stdout
    # libgcc and libstdc++ belong to the base; wheels of the libraries need them.
    for file in {*_NEEDED.findall(output), *_system_libraries()}:
        _copy(root, Path(file))
    zones = Path("/usr/share/zoneinfo")
    if zones.is_dir():
        shutil.copytree(zones, root / "usr/share/zoneinfo", symlinks=True)
    make_folders(root)


def make_folders(root: Path) -> None:
    """Make the folders and the device that an engine gives each container."""
    for folder, mode in (("tmp", 0o1777), ("dev/shm", 0o1777), ("etc", 0o755), ("var/lib", 0o755)):
        path = root / folder
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
    (root / "dev/null").touch()
    (root / "dev/null").chmod(0o666)


def _system_libraries() -> list[str]:
    output = subprocess.run(
        ["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True
    ).stdout
    machine = sysconfig.get_config_var("MULTIARCH") or ""
    names = ("libgcc_s.so.1", "libstdc++.so.6", "librt.so.1", "libpthread.so.0", "libdl.so.2")
    found = [line.split() for line in output.splitlines() if line.strip().startswith(names)]
    return [words[-1] for words in found if machine in words[-1]]


def _copy(root: Path, file: Path) -> None:
    target = root / file.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy2(file.resolve(), target)
