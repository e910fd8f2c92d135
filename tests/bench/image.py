"""Build the container image on the base that it names, and measure both.

There is no container engine in it: the base is put together from the packages of Debian
13 that distroless lists for python3-debian13 (python3/config.bzl, cc/config.bzl,
base/config.bzl), and the steps of the Dockerfile are carried out on it. Run it as root,
and name a Python of the image's version: `python -m tests.bench.image python3.13`.
"""

import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.image import dockerfile
from tests.support.image.interpreter import make_folders
from tests.support.image.steps import Image, carry_out
from tests.support.paths import ROOT

# Of static, base and cc, and then of python3 itself.
PACKAGES = (
    *("base-files", "netbase", "tzdata", "media-types", "ca-certificates"),
    *("libc6", "libssl3t64", "libzstd1", "zlib1g"),
    *("libgomp1", "libstdc++6", "libgcc-s1", "gcc-14-base"),
    *("libbz2-1.0", "libdb5.3t64", "libexpat1", "liblzma5", "libsqlite3-0", "libuuid1"),
    *("libncursesw6", "libtinfo6", "libcom-err2", "libcrypt1", "libgssapi-krb5-2"),
    *("libk5crypto3", "libkeyutils1", "libkrb5-3", "libkrb5support0", "libnsl2"),
    *("libreadline8t64", "libtirpc3t64", "libffi8", "libpython3.13-minimal"),
    *("libpython3.13-stdlib", "python3.13-minimal", "python3.13-venv"),
)
SOURCE = "deb [trusted=yes] http://deb.debian.org/debian trixie main\n"
CHECKS = 20


def install_base(root: Path, folder: Path) -> None:
    """Unpack the packages of the base into `root`. `folder` keeps what was loaded."""
    for name in ("lists/partial", "archives/partial", "debs"):
        (folder / name).mkdir(parents=True)
    (folder / "sources.list").write_text(SOURCE, encoding="utf-8")
    (folder / "status").touch()
    settings = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder,
        "APT::Sandbox::User": "root",
    }
    options = [f"-o{key}={value}" for key, value in settings.items()]
    for words in (("update",), ("download", *PACKAGES)):
        subprocess.run(
            ["apt-get", "-qq", *options, *words], check=True, cwd=folder / "debs", timeout=600
        )
    for file in (folder / "debs").glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", file, root], check=True)
    (root / "usr/bin/python3").symlink_to("python3.13")
    make_folders(root)


def megabytes(image: Image) -> float:
    """Return the size of all files of an image, in MB."""
    return sum(size for size, _ in image.files().values()) / 1e6


# Runs its arguments and prints the exit code, processor time (s) and peak memory (kB). The
# kernel counts the memory of the process that starts another one too, so this one is small.
COUNT = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def run(image: Image, *words: str) -> tuple[int, float, float]:
    """Run a command of the image; return exit code, processor time (s), peak (kB)."""
    done = subprocess.run(
        [sys.executable, "-IS", "-c", COUNT, *image.command(*words)],
        env=image.environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    code, seconds, memory = done.stdout.splitlines()[-1].split()
    return int(code), float(seconds), float(memory)


def measure(image: Image) -> None:
    """Serve two people, and print what a health check of either kind takes."""
    config = image.root / "etc/directory-gateway"
    config.mkdir()
    (config / "contacts.csv").write_text("name,number\nAnn Example,+4989555123\n")
    listen = '[listen]\nhost = "127.0.0.1"\nport = 18080\n'
    source = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
    (config / "gateway.toml").write_text(source + listen, encoding="utf-8")
    check = dockerfile.Instruction(
        "CMD", (), image.stage.last("HEALTHCHECK").rest.removeprefix("CMD ")
    ).words()
    assert check is not None
    started = time.monotonic()
    server = subprocess.Popen(image.command("directory-gateway", "serve"), env=image.environment)
    try:
        while run(image, *check)[0]:
            assert server.poll() is None, "the gateway ended"
        print(f"healthy {time.monotonic() - started:.1f} s after the start")
        for words in (check, ("directory-gateway", "healthy")):
            figures = [run(image, *words) for _ in range(CHECKS)]
            assert {0} == {code for code, _, _ in figures}
            middle = sorted(seconds for _, seconds, _ in figures)[CHECKS // 2]
            peak = max(memory for _, _, memory in figures) / 1e3
            print(f"{' '.join(words)}: {middle * 1e3:.0f} ms of processor time, {peak:.0f} MB")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def main() -> None:
    """Build, measure, and print one line for each figure."""
    python = shutil.which(sys.argv[1])
    assert python is not None, f"there is no {sys.argv[1]}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("builder", "final", "apt"):
            (folder / part).mkdir()
        builder, final = dockerfile.read(ROOT / "Dockerfile")
        install_base(folder / "final", folder / "apt")
        base = megabytes(Image(folder / "final", final))
        first = carry_out(builder, folder / "builder", ROOT, {}, python)
        image = carry_out(final, folder / "final", ROOT, {"builder": first}, python)
        whole = megabytes(image)
        print(f"base {base:.1f} MB, added {whole - base:.1f} MB, image {whole:.1f} MB")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"built with {used.ru_utime + used.ru_stime:.0f} s of processor time")
        measure(image)


if __name__ == "__main__":
    main()
