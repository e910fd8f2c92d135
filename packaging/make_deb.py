"""Build the Debian package of directory-gateway (`make deb`), with dpkg-deb alone.

The libraries are those of requirements.lock, in a virtual environment below /opt. It is
bound to the minor version of the Python that the package is built for. Two builds of one
commit with one Python give the same bytes.
"""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from contextlib import suppress
from email.utils import formatdate
from hashlib import md5
from importlib.metadata import Distribution, distributions
from pathlib import Path

from hatchling.build import build_wheel
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
DEBIAN = ROOT / "packaging" / "debian"
NAME = "directory-gateway"
HOME = Path("opt", NAME)
# Typer draws boxes around help with it; this program's help is plain.
UNUSED = ("rich",)
SCRIPTS = ("postinst", "prerm", "postrm")
# Google's client brings the descriptions of 600 services. The connector reads one of them.
UNREAD = re.compile(r"googleapiclient/discovery_cache/documents/(?!people\.v1\.json)")
COMMAND = f"""#!/{HOME}/bin/python
import sys

from app.cli.main import main

sys.exit(main())
"""


def main() -> None:
    """Build the package, and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="/usr/bin/python3", help="Debian's own Python")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the package")
    parser.add_argument(
        "--libraries", type=Path, help="take the libraries from this folder; default: pip"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        libraries = options.libraries and options.libraries.absolute()
        deb = build(Path(folder), options.python, libraries, options.out.absolute())
    print(deb)  # noqa: T201


def build(work: Path, python: str, libraries: Path | None, out: Path) -> Path:
    """Build the package in the folder `work`, and return its path in the folder `out`."""
    minor = output(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    if int(minor.partition(".")[2]) < 11:
        sys.exit(f"{python} is Python {minor}, and 3.11 or newer is needed. Name another one.")
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or last_change()
    root, wheel = work / "root", work / "wheel"
    site = root / HOME / "lib" / f"python{minor}" / "site-packages"
    pip = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--python", python)
    if libraries is None:
        libraries = work / "libraries"
        lock = ("--require-hashes", "-r", str(ROOT / "requirements.lock"))
        # Nothing of the system changes, so root is not warned.
        how = ("--root-user-action=ignore", "--no-compile", "--target", str(libraries))
        run(*pip, "install", *how, *lock)
    os.chdir(ROOT)
    wheel.mkdir()
    with zipfile.ZipFile(wheel / build_wheel(str(wheel))) as file:
        file.extractall(site)
    glibc = copy_libraries(libraries, site)
    write_environment(root, minor)
    write_files(root, epoch)
    # A file's time is not in the compiled file, so its bytes are the same in each build.
    compile_all = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")
    run(python, *compile_all, "-s", str(root), "-p", "/", str(site))
    write_control(root, minor, glibc, epoch)
    set_modes(root)
    return pack(root, out, epoch)


def copy_libraries(libraries: Path, site: Path) -> str:
    """Copy the libraries that the program needs; return the least glibc of their wheels."""
    known = {canonical(found.name): found for found in distributions(path=[str(libraries)])}
    own = next(iter(distributions(path=[str(site)], name=NAME)))
    glibc = [2, 17]
    for name in sorted(needed(own, known)):
        for file in known[name].files or ():
            path = file.as_posix()
            # Scripts lie outside, and RECORD would say what is no longer there.
            is_left_out = path.startswith("..") or path.endswith((".pyc", "/RECORD"))
            if is_left_out or UNREAD.match(path):
                continue
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(libraries / path, site / path)
        tags = known[name].read_text("WHEEL") or ""
        found = [int(tag) for tag in re.findall(r"manylinux_2_(\d+)_", tags)]
        glibc[1] = max(glibc[1], min(found, default=0))
    return ".".join(map(str, glibc))


def needed(own: Distribution, known: dict[str, Distribution]) -> set[str]:
    """Return the names of the libraries that the program needs, directly or not."""
    found: set[tuple[str, str]] = set()
    waiting = [(own, "")]
    while waiting:
        library, extra = waiting.pop()
        for requirement in map(Requirement, library.requires or ()):
            name = canonical(requirement.name)
            marker = requirement.marker
            if name in UNUSED or (marker is not None and not marker.evaluate({"extra": extra})):
                continue
            if name not in known:
                sys.exit(f"{name} is not among the libraries. Install them anew: make clean")
            for wanted in {(name, ""), *((name, more) for more in requirement.extras)} - found:
                found.add(wanted)
                waiting.append((known[name], wanted[1]))
    return {name for name, _ in found}


def canonical(name: str) -> str:
    """Return the name of a library in the one form that names compare in (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write_environment(root: Path, minor: str) -> None:
    """Write what makes /opt/directory-gateway a virtual environment (PEP 405)."""
    home, programs = root / HOME, root / "usr" / "bin"
    (home / "bin").mkdir()
    programs.mkdir(parents=True)
    (home / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    (home / "bin" / "python").symlink_to(f"/usr/bin/python{minor}")
    (home / "bin" / NAME).write_text(COMMAND)
    (programs / NAME).symlink_to(f"/{HOME}/bin/{NAME}")
    (site,) = (home / "lib").glob("python*/site-packages")
    for path in (*site.glob(f"{NAME.replace('-', '_')}-*/RECORD"), *site.glob("*.data")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_files(root: Path, epoch: str) -> None:
    """Write the unit, the user, the configuration, the man page and the documents."""
    documents = root / "usr" / "share" / "doc" / NAME
    for source, target in (
        (ROOT / "packaging" / f"{NAME}.service", f"usr/lib/systemd/system/{NAME}.service"),
        (DEBIAN / "sysusers.conf", f"usr/lib/sysusers.d/{NAME}.conf"),
        (DEBIAN / "gateway.toml", f"etc/{NAME}/gateway.toml"),
        (ROOT / "gateway.example.toml", f"usr/share/doc/{NAME}/gateway.example.toml"),
        (DEBIAN / "lintian-overrides", f"usr/share/lintian/overrides/{NAME}"),
    ):
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, root / target)
    manual = root / "usr" / "share" / "man" / "man1" / f"{NAME}.1.gz"
    manual.parent.mkdir(parents=True)
    compress(manual, (ROOT / "packaging" / f"{NAME}.1").read_bytes())
    compress(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_bytes())
    entry = (
        f"{NAME} ({debian_version(epoch)}) stable; urgency=medium\n\n  * See changelog.gz.\n\n"
        f" -- {maintainer()}  {formatdate(int(epoch))}\n"
    )
    compress(documents / "changelog.Debian.gz", entry.encode())
    lines = (ROOT / "LICENSE").read_text(encoding="utf-8").partition("\n\n")[2].splitlines()
    licence = "\n".join(f" {line}" if line else " ." for line in lines[2:])
    text = (DEBIAN / "copyright").read_text(encoding="utf-8").replace("@LICENSE@", licence)
    (documents / "copyright").write_text(text, encoding="utf-8")


def write_control(root: Path, minor: str, glibc: str, epoch: str) -> None:
    """Write what dpkg reads: control, conffiles, checksums and the maintainer scripts."""
    control = root / "DEBIAN"
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    control.mkdir()
    values = {
        "VERSION": debian_version(epoch),
        "ARCHITECTURE": output("dpkg", "--print-architecture"),
        "SIZE": str(sum(path.stat().st_size for path in files) // 1024),
        "PYTHON": minor,
        "NEXT_PYTHON": f"3.{int(minor.partition('.')[2]) + 1}",
        "GLIBC": glibc,
    }
    text = (DEBIAN / "control").read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    (control / "control").write_text(text, encoding="utf-8")
    (control / "conffiles").write_text(f"/etc/{NAME}/gateway.toml\n")
    sums = (f"{checksum(path)}  {path.relative_to(root)}\n" for path in files)
    (control / "md5sums").write_text("".join(sums))
    for name in SCRIPTS:
        shutil.copyfile(DEBIAN / name, control / name)


def set_modes(root: Path) -> None:
    """Give every file and folder the rights that it has when it is installed."""
    programs = {root / HOME / "bin" / NAME, *(root / "DEBIAN" / name for name in SCRIPTS)}
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)


def pack(root: Path, out: Path, epoch: str) -> Path:
    """Write the package; dpkg-deb takes the time of younger files from the environment."""
    out.mkdir(parents=True, exist_ok=True)
    name = f"{NAME}_{debian_version(epoch)}_{output('dpkg', '--print-architecture')}.deb"
    more = os.environ | {"SOURCE_DATE_EPOCH": epoch}
    command = ("dpkg-deb", "--root-owner-group", "--build", str(root), str(out / name))
    subprocess.run(command, check=True, env=more, stdout=subprocess.DEVNULL)
    return out / name


def debian_version(epoch: str) -> str:
    """Return the version of the package: that of the program, the last change, and 1.

    Without the change, apt would take a newer source between two releases for installed.
    """
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    change = time.strftime("%Y%m%d.%H%M%S", time.gmtime(int(epoch)))
    return f"{tomllib.loads(text)['project']['version']}+{change}-1"


def checksum(path: Path) -> str:
    """Return the checksum of a file, as `dpkg --verify` reads it."""
    return md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def maintainer() -> str:
    """Return the maintainer of the package."""
    text = (DEBIAN / "control").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("Maintainer:"))[12:]


def last_change() -> str:
    """Return the time of the last commit, or of the newest source file without git."""
    command = ("git", "log", "-1", "--format=%ct")
    with suppress(OSError):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.stdout.strip():
            return done.stdout.strip()
    return str(int(max(path.stat().st_mtime for path in (ROOT / "app").rglob("*.py"))))


def compress(path: Path, content: bytes) -> None:
    """Write a compressed file that holds no time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0))


def run(*command: str) -> None:
    """Run a command; raise CalledProcessError if it fails."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def output(*command: str) -> str:
    """Return what a command prints; raise CalledProcessError if it fails."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
