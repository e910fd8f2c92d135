"""The package of `make deb` is installed, upgraded, removed and purged in its own root."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

LONG = 4 * PATIENCE
"""For a hundred megabytes on a slow disk."""
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
LIBRARIES = Path(next(path for path in sys.path if path.endswith("site-packages")))
# Without compression, and without waiting for the disk: both take most of the time.
QUICKLY = os.environ | {"DPKG_DEB_COMPRESSOR_TYPE": "none", "SOURCE_DATE_EPOCH": "1700000000"}
DPKG = ("--force-script-chrootless", "--force-unsafe-io", "--force-confold", "--log=/dev/null")
UNIT_LINK = "etc/systemd/system/multi-user.target.wants/directory-gateway.service"
CONFIG = "etc/directory-gateway/gateway.toml"
STATE = "var/lib/private/directory-gateway"


def make_package(out: Path) -> Path:
    """Run the script of `make deb`, with the libraries of this environment, and Python."""
    words = ("--python", sys.executable, "--libraries", str(LIBRARIES), "--out", str(out))
    command = [sys.executable, str(ROOT / "packaging" / "make_deb.py"), *words]
    subprocess.run(command, check=True, env=QUICKLY, timeout=LONG, stdout=subprocess.DEVNULL)
    (package,) = out.glob("directory-gateway_*.deb")
    return package


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a package as `make deb` makes it."""
    return make_package(tmp_path_factory.mktemp("deb"))


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what is in the package, with its control files in the folder DEBIAN."""
    folder = tmp_path_factory.mktemp("unpacked") / "root"
    subprocess.run(["dpkg-deb", "-R", str(package), str(folder)], check=True, timeout=LONG)
    return folder


@pytest.fixture(scope="module")
def next_version(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a package of the next version: another configuration, no libraries."""
    folder = tmp_path_factory.mktemp("next")
    new, home = folder / "new", str(unpacked / "opt/directory-gateway")
    shutil.copytree(
        unpacked, new, symlinks=True, ignore=lambda path, _: {"lib"} if path == home else ()
    )
    control = (new / "DEBIAN/control").read_text(encoding="utf-8")
    (new / "DEBIAN/control").write_text(re.sub(r"(?m)^Version: .*", "Version: 99.0-1", control))
    with (new / CONFIG).open("a", encoding="utf-8") as file:
        file.write("# A line of the new version.\n")
    (new / "DEBIAN/md5sums").unlink()
    command = ["dpkg-deb", "--root-owner-group", "-b", str(new), str(folder)]
    subprocess.run(command, check=True, env=QUICKLY, timeout=LONG, stdout=subprocess.DEVNULL)
    return next(folder.glob("*_99.0-1_*.deb"))


@dataclass(frozen=True, slots=True)
class Machine:
    """A folder that is the root of another system, with what the package depends on."""

    root: Path

    def set_up(self, python: str) -> None:
        """Make the system, with this version of Python."""
        for folder in ("var/lib/dpkg/updates", "var/lib/dpkg/info", "etc"):
            (self.root / folder).mkdir(parents=True)
        (self.root / "var/lib/dpkg/available").touch()
        versions = {"python3": python, "init-system-helpers": "1.60", "systemd": "252"}
        versions |= {"libc6": "2.99", "libgcc-s1": "12", "libstdc++6": "12"}
        for name in versions:
            (self.root / f"var/lib/dpkg/info/{name}.list").touch()
        status = "\n".join(
            f"Package: {name}\nStatus: install ok installed\nMaintainer: x\nArchitecture: all\n"
            f"Version: {version}\nDescription: x\n"
            for name, version in versions.items()
        )
        (self.root / "var/lib/dpkg/status").write_text(status)

    def as_root(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as root, or as one who believes to be root."""
        kept = str(self.root.with_suffix(".fakeroot"))
        Path(kept).touch()
        believing = ("fakeroot", "-i", kept, "-s", kept, "--") if os.geteuid() else ()
        return subprocess.run(
            [*believing, *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=LONG,
            env=os.environ | {"LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        )

    def dpkg(self, *words: str) -> str:
        """Run dpkg for this system, and return its output; fail if it fails."""
        done = self.as_root("dpkg", f"--root={self.root}", *DPKG, *words)
        assert 0 == done.returncode, done.stdout + done.stderr
        return done.stdout + done.stderr

    def mode_and_group(self, path: str) -> str:
        """Return the mode of a file and the number of its group."""
        return self.as_root("stat", "-c", "%a %g", str(self.root / path)).stdout.strip()

    def files(self) -> set[str]:
        """Return every file that is not dpkg's own."""
        return {
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if (path.is_symlink() or not path.is_dir()) and "var/lib/dpkg" not in str(path)
        }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a system with the Python that the package is made for."""
    machine = Machine(tmp_path / "root")
    machine.set_up(f"{MINOR}.2-1+b1")
    return machine


def test_install_upgrade_remove_and_purge(
    package: Path, next_version: Path, machine: Machine
) -> None:
    root = machine.root
    result = machine.dpkg("-i", str(package))
    assert "systemctl" not in result and "warning" not in result.lower()
    # Only the service's group and root look into the folder of the configuration and the secrets.
    group = re.findall(r"(?m)^directory-gateway:x:(\d+):", (root / "etc/group").read_text())[0]
    assert f"2750 {group}" == machine.mode_and_group("etc/directory-gateway")
    assert "directory-gateway:x:" in (root / "etc/passwd").read_text()
    assert (root / UNIT_LINK).is_symlink()
    assert "" == machine.dpkg("--verify", "directory-gateway")
    assert f"/{CONFIG}" in (root / "var/lib/dpkg/info/directory-gateway.conffiles").read_text()

    # An administrator works with it.
    with (root / CONFIG).open("a", encoding="utf-8") as file:
        file.write("# A line of the administrator.\n")
    (root / "etc/directory-gateway/contacts.csv").write_text("name,number\nAnn,1001\n")
    (root / "etc/directory-gateway").chmod(0o2770)
    (root / STATE).mkdir(parents=True)
    (root / STATE / "sources.sqlite").touch()
    (root / "var/lib/directory-gateway").symlink_to("private/directory-gateway")
    (root / UNIT_LINK).unlink()

    machine.dpkg("-i", str(next_version))
    assert "# A line of the administrator." in (root / CONFIG).read_text()
    assert "# A line of the new version." in (root / f"{CONFIG}.dpkg-dist").read_text()
    assert machine.mode_and_group("etc/directory-gateway").startswith("2770")
    assert not (root / "opt/directory-gateway/lib").exists()
    assert not (root / UNIT_LINK).is_symlink(), "it was disabled, and stays so"
    assert (root / STATE / "sources.sqlite").exists()

    machine.dpkg("-r", "directory-gateway")
    left = machine.files()
    assert {CONFIG, "etc/directory-gateway/contacts.csv", f"{STATE}/sources.sqlite"} <= left
    programs = ("opt/", "usr/bin", "usr/lib/systemd", "usr/share")
    assert not {path for path in left if path.startswith(programs)}

    machine.dpkg("-P", "directory-gateway")
    # What the package did not bring is not its own to delete. A user's number is not used again.
    users = {"etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/.pwd.lock"}
    assert {"etc/directory-gateway/contacts.csv"} == machine.files() - users
    assert not (root / STATE).exists()


def test_a_later_source_of_one_release_is_an_upgrade(package: Path) -> None:
    version = package.name.split("_")[1]
    with (ROOT / "pyproject.toml").open("rb") as file:
        release = tomllib.load(file)["project"]["version"]
    # SOURCE_DATE_EPOCH is the time of the last change.
    assert f"{release}+20231114.221320-1" == version
    later = f"{release}+20231114.221321-1"
    for lower, higher in ((f"{release}-1", version), (version, later), (later, f"{release}.1-1")):
        subprocess.run(["dpkg", "--compare-versions", lower, "lt", higher], check=True)


def test_another_release_of_python_is_refused(next_version: Path, tmp_path: Path) -> None:
    other, next_minor = Machine(tmp_path / "root"), f"3.{sys.version_info[1] + 1}"
    other.set_up(f"{next_minor}.0-1")
    done = other.as_root("dpkg", f"--root={other.root}", *DPKG, "-i", str(next_version))
    assert 0 != done.returncode
    assert f"directory-gateway depends on python3 (<< {next_minor})" in done.stderr
    assert not (other.root / "etc/passwd").exists(), "it was not set up"


def test_the_installed_program_runs_with_its_own_libraries_alone(unpacked: Path) -> None:
    home = unpacked / "opt/directory-gateway"
    script = home / "bin/directory-gateway"
    assert "#!/opt/directory-gateway/bin/python" == script.read_text().splitlines()[0]
    link = unpacked / "usr/bin/directory-gateway"
    assert "/opt/directory-gateway/bin/directory-gateway" == str(link.readlink())
    assert f"/usr/bin/python{MINOR}" == str((home / "bin/python").readlink())
    site = home / f"lib/python{MINOR}/site-packages"
    # The environment's own Python may not exist on this machine. Without `site` it sees none of
    # the libraries of the tests.
    base = str(Path(sys.base_prefix) / "bin" / f"python{MINOR}")
    more = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [base, "-S", "-W", "error", str(script)]

    def shown(*command: str) -> str:
        done = subprocess.run(
            [*words, *command], cwd="/", env=more, capture_output=True, text=True, timeout=PATIENCE
        )
        assert 0 == done.returncode, done.stderr
        return done.stdout

    assert shown("--version").startswith("directory-gateway ")
    assert "--log-json" in shown("serve", "--help")
    modules = [
        *(f"connectors.{name}.connector" for name in ("csv", "vcard", "carddav", "ldap", "google")),
        *("app.web.worker", "app.build.worker", "app.web.application", "app.cli.init.command"),
        *("googleapiclient.discovery", "google_auth_oauthlib.flow", "ldap3", "httpx", "uvloop"),
    ]
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    subprocess.run([base, "-S", "-c", code, *modules], check=True, env=more, timeout=PATIENCE)
    for left_out in ("pip", "hatchling", "rich", "pytest", "editables"):
        assert not (site / left_out).exists()
    compiled = site / "app" / "__pycache__" / f"logs.cpython-{MINOR.replace('.', '')}.pyc"
    # Bit 0 of the flags: it is never compared with the source's time (PEP 552).
    assert 1 == int.from_bytes(compiled.read_bytes()[4:8], "little")
    assert b"/opt/directory-gateway/lib" in compiled.read_bytes()
    assert compiled.read_bytes().count(b"site-packages/app/") == compiled.read_bytes().count(
        b"/opt/directory-gateway/lib"
    )
