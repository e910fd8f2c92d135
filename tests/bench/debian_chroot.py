"""Install the Debian package in a new Debian that is booted, and request a page there.

As root: `python -m tests.bench.debian_chroot dist/directory-gateway_*.deb FOLDER`.
FOLDER becomes the system, by debootstrap; one that holds a system is taken as it is. It
needs debootstrap, systemd-container and util-linux, and prints each command with its
seconds.
"""

import argparse
import platform
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.support.patience import PATIENCE
from tests.support.servers.gateway import eventually

LONG = 10 * PATIENCE
MIRROR = "http://deb.debian.org/debian"
INCLUDED = "systemd-sysv,dbus,python3,curl,ca-certificates"
PAGE = "http://127.0.0.1:8080/staff.xml"
CONFIG = "/etc/directory-gateway"


def show(*command: str) -> str:
    """Run a command, and print it with its last lines and seconds; return its output."""
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONG)
    text = (done.stdout + done.stderr).strip()
    print(f"$ {' '.join(command)}  [{time.monotonic() - begun:.1f} s]")
    print("\n".join(f"    {line}" for line in text.splitlines()[-4:]))
    assert 0 == done.returncode, text
    return text


def boot(root: Path) -> tuple[subprocess.Popen[bytes], tuple[str, ...]]:
    """Boot a system, without a network; return the process, and how to run words in it."""
    words = ("-q", "-D", str(root), "--register=no", "--keep-unit", "--private-network", "--boot")
    container = subprocess.Popen(
        ["systemd-nspawn", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    children = Path(f"/proc/{container.pid}/task/{container.pid}/children")

    def init() -> str:
        # The first child only sets up the system's name spaces.
        found = (pid for pid in children.read_text().split() if name_of(pid) == "systemd")
        return next(found, "")

    pid = eventually(init, "the first process of the system")
    return container, ("nsenter", "-t", pid, "-a", "env", "PATH=/usr/sbin:/usr/bin")


def name_of(pid: str) -> str:
    """Return the name of a process, "" if it has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def walk(inside: tuple[str, ...], root: Path, package: str) -> None:
    """Install, give it contacts, request a page, remove and purge."""
    running = (*inside, "systemctl", "is-system-running")

    def state() -> str:
        return subprocess.run(running, capture_output=True, text=True, check=False).stdout.strip()

    eventually(lambda: state() in ("running", "degraded"), "the system is up")
    show(*inside, "apt-get", "install", "-y", "-q", package)
    show(*inside, "systemctl", "is-active", "directory-gateway")
    (root / CONFIG[1:] / "contacts.csv").write_text("name,number\nAnn Example,1001\n")
    show(*inside, "directory-gateway", "check")
    show(*inside, "systemctl", "reload", "directory-gateway")
    curl = (*inside, "curl", "-s", PAGE)
    eventually(lambda: "Ann Example" in show(*curl), "the contact", pause=1)
    show(*inside, "systemd-analyze", "security", "--no-pager", "directory-gateway")
    show(*inside, "apt-get", "remove", "-y", "-q", "directory-gateway")
    show(*inside, "ls", CONFIG, "/var/lib/private/directory-gateway")
    show(*inside, "apt-get", "purge", "-y", "-q", "directory-gateway")
    assert [] == list((root / "var/lib/private").iterdir())
    assert ["contacts.csv"] == [path.name for path in (root / CONFIG[1:]).iterdir()]


def main() -> None:
    """Make the system, boot it, and walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mirror", default=MIRROR)
    options = parser.parse_args()
    root = options.folder.absolute()
    if not (root / "usr").exists():
        suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
        minimal = ("--variant=minbase", f"--include={INCLUDED}")
        show("debootstrap", *minimal, suite, str(root), options.mirror)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    shutil.copy(options.package, root / "opt")
    # What the package depends on and is not there yet comes over this machine's network.
    show("chroot", str(root), "apt-get", "install", "-y", "-q", "libstdc++6")
    container, inside = boot(root)
    try:
        walk(inside, root, f"/opt/{options.package.name}")
    finally:
        # SIGTERM asks for a clean end of the system (systemd-nspawn(1), --kill-signal).
        container.send_signal(signal.SIGTERM)
        container.wait(PATIENCE)


if __name__ == "__main__":
    main()
