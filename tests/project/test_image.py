"""The container image, built and run step by step as the Dockerfile writes it."""

import re
import signal
import subprocess
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.support.image import dockerfile, interpreter
from tests.support.image.steps import IS_ROOT, Image, carry_out
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import eventually
from tests.support.servers.processes import free_port

MOST_BYTES = 80_000_000
"""What the image may add to its base, uncompressed (docs/containers.md)."""
STATE = "var/lib/directory-gateway"
# Imports each module that the program imports anywhere, also inside of functions. The first
# argument is its folder; the others are modules of optional libraries, which may be missing.
IMPORT_ALL = """
import ast, importlib, pathlib, sys
folder, missing = pathlib.Path(sys.argv[1]), set()
for file in [*folder.glob('app/**/*.py'), *folder.glob('connectors/**/*.py')]:
    for node in ast.walk(ast.parse(file.read_text(encoding='utf-8'))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            try:
                importlib.import_module(name)
            except ImportError as error:
                if error.name in sys.argv[2:]:
                    continue
                missing.add(f'{file.relative_to(folder)}: {error}')
print('\\n'.join(sorted(missing)) or 'complete')
"""


@dataclass(frozen=True, slots=True)
class Built:
    """The image and the files that its base had."""

    image: Image
    of_base: frozenset[str]

    def added(self) -> dict[str, int]:
        """Return the files that the steps added, with their sizes in bytes."""
        return {
            name: size
            for name, (size, _) in self.image.files().items()
            if name not in self.of_base and not name.startswith((STATE, "etc/directory-gateway"))
        }

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the image to its end."""
        return subprocess.run(
            self.image.command(*words),
            cwd="/",
            env=self.image.environment | more,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("image")
    builder, final = dockerfile.read(ROOT / "Dockerfile")
    for stage in (folder, folder / "builder", folder / "final"):
        stage.mkdir(exist_ok=True)
        stage.chmod(0o755)
    first = carry_out(builder, folder / "builder", ROOT, {})
    interpreter.install(folder / "final")
    of_base = frozenset(Image(folder / "final", final).files())
    return Built(carry_out(final, folder / "final", ROOT, {"builder": first}), of_base)


def test_what_the_image_adds_to_its_base(built: Built) -> None:
    added = built.added()
    assert 0 < sum(added.values()) <= MOST_BYTES
    folders = {name.split("/")[2].lower() for name in added if name.startswith("opt/")}
    listed = (ROOT / "packaging/container/not-needed.txt").read_text(encoding="utf-8").splitlines()
    left_out = [line for line in listed if not line.startswith("#")]
    for word in (*left_out, "pip", "setuptools", "wheel"):
        name = word.replace("-", "_")
        assert not [found for found in folders if re.match(rf"{name}(-[0-9].*)?$", found)], word
    documents = [name for name in added if "discovery_cache/documents/" in name]
    assert ["people.v1.json"] == [name.rpartition("/")[2] for name in documents]
    assert not [name for name in added if re.search(r"\.(pyx|pyi|[ch])$|/tests/|\.opt-", name)]
    compiled = {name for name in added if name.endswith(".pyc")}
    sources = {name for name in added if name.startswith("opt/") and name.endswith(".py")}
    assert len(sources) <= len(compiled) <= len(sources) + 400


def test_what_is_left_is_all_that_the_program_imports(built: Built) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    optional = [re.split(r"[^\w-]", line)[0] for lines in extras for line in lines]
    folder = built.image.environment["PYTHONPATH"]
    assert "complete\n" == built.run("python3", "-c", IMPORT_ALL, folder, *optional).stdout
    for words in (("serve", "--help"), ("nonsense",)):
        result = built.run("directory-gateway", *words)
        assert "Traceback" not in result.stderr
        assert "Usage: directory-gateway" in result.stdout + result.stderr
    assert project["version"] in built.run("directory-gateway", "--version").stdout


def test_what_the_image_says_of_itself(built: Built) -> None:
    stage = built.image.stage
    labels = stage.last("LABEL").pairs()
    prefix = "org.opencontainers.image."
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for key, value in (
        ("title", project["name"]),
        ("version", project["version"]),
        ("description", project["description"]),
        ("licenses", project["license"]),
        ("base.name", stage.base),
    ):
        assert value == labels[prefix + key], key
    assert ("SIGTERM", "10001:10001") == (stage.last("STOPSIGNAL").rest, stage.last("USER").rest)
    assert STATE == stage.last("VOLUME").rest.strip("/")
    assert (("directory-gateway",), ("serve",)) == (
        stage.last("ENTRYPOINT").words(),
        stage.last("CMD").words(),
    )


def test_without_a_configuration_it_says_where_it_looked(built: Built) -> None:
    result = built.run(*started(built))
    assert 2 == result.returncode
    assert "/etc/directory-gateway/gateway.toml" in result.stderr
    assert "--demo" in result.stderr


def started(built: Built) -> tuple[str, ...]:
    """Return what the image starts by itself."""
    stage = built.image.stage
    return (*(stage.last("ENTRYPOINT").words() or ()), *(stage.last("CMD").words() or ()))


def smallest_configuration() -> str:
    """Return the smallest file of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.S)
    return next(block for block in blocks if block.startswith('title = "Company"'))


@contextmanager
def serving(built: Built, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the image as its ENTRYPOINT and CMD say, with README's smallest file."""
    config = built.image.root / "etc" / "directory-gateway"
    config.mkdir()
    (config / "contacts.csv").write_text("name,number\nAnn Example,+4989555123\n")
    # The listening address alone is the test's: other tests have port 8080.
    listen = f'[listen]\nhost = "127.0.0.1"\nport = {port}\n'
    (config / "gateway.toml").write_text(smallest_configuration() + listen, encoding="utf-8")
    process = subprocess.Popen(
        built.image.command(*started(built)),
        cwd="/",
        env=built.image.environment | place_of_configuration(built),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(PATIENCE)


def place_of_configuration(built: Built) -> dict[str, str]:
    """Return what tells where the file is, if the image does not run by chroot."""
    return (
        {}
        if IS_ROOT
        else {"GATEWAY_CONFIG": built.image.place("/etc/directory-gateway/gateway.toml")}
    )


def test_the_smallest_configuration_of_the_readme_in_the_image(built: Built) -> None:
    check = re.sub(r"^CMD ", "", built.image.stage.last("HEALTHCHECK").rest)
    words = dockerfile.Instruction("CMD", (), check).words() or ()
    port, state = free_port(), built.image.root / STATE
    # A gateway of this machine may have the port that is asked besides: `make run` has it.
    script = built.image.root / "usr/local/lib/directory-gateway/healthcheck.py"
    script.write_text(script.read_text().replace("8080", str(free_port())))
    before, where = built.image.files(), place_of_configuration(built)
    assert (0o700, built.image.user) == (state.stat().st_mode & 0o777, state.stat().st_uid)
    with serving(built, port):
        eventually(lambda: not built.run(*words, **where).returncode, "a health check that passes")

        def page(name: str) -> bytes:
            url = f"http://127.0.0.1:{port}/{name}.xml"
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return bytes(answer.read())

        eventually(lambda: b"<Name>Ann Example</Name>" in page("staff"), "the people")
        assert b"<CiscoIPPhoneMenu>" in page("menu")
        result = built.run("directory-gateway", "status", **where)
        assert (0, "") == (result.returncode, result.stderr)
        assert "/var/lib/directory-gateway (from $GATEWAY_STATE_DIR)" in result.stdout
    assert 1 == built.run(*words, **where).returncode
    after = built.image.files()
    changed = {name for name in after if after[name] != before.get(name)}
    assert f"{STATE}/current" in changed
    # Without chroot the user of the tests owns the files, and Python compiles its library.
    ours = (STATE, "etc/directory-gateway/", *(() if IS_ROOT else ("usr/lib/python",)))
    assert not {name for name in changed if not name.startswith(ours)}
