"""The compose file, and the servers with people that its profiles bring."""

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.image import dockerfile
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers import slapd
from tests.support.servers.ca import make_authority
from tests.support.servers.gateway import environment, run
from tests.support.servers.processes import ServerProcess

EXAMPLES = ROOT / "docs" / "examples" / "containers"
PROFILES = {
    "radicale": {"radicale", "radicale-people"},
    "openldap": {"openldap", "openldap-people"},
}
ALWAYS = {"gateway"}
NAMES = ("Ann Archer", "Bob Baker", "Carla Castro", "Dénes Dávid", "Eva Ekström", "Žofie Zelená")


def compose(*words: str, **more: str) -> str:
    """Return what `docker-compose` prints. Debian 12 has 1.29: it refuses newer syntax."""
    done = subprocess.run(
        ["docker-compose", "--file", str(ROOT / "docker-compose.yml"), *words],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return dict(read["services"])


@pytest.mark.parametrize(
    "profiles", [(), ("radicale",), ("openldap",), ("radicale", "openldap")], ids="+".join
)
def test_each_profile_is_valid_and_starts_its_own_services(profiles: tuple[str, ...]) -> None:
    words = [word for name in profiles for word in ("--profile", name)]
    services = yaml.safe_load(compose(*words, "config"))["services"]
    started = {
        name
        for name, service in services.items()
        if not service.get("profiles") or set(service["profiles"]) & set(profiles)
    }
    assert started == ALWAYS.union(*(PROFILES[name] for name in profiles))
    for name in started:
        assert set(services[name].get("depends_on", {})) <= started, name


def test_what_is_mounted_is_there(services: dict[str, Any]) -> None:
    mounted = [volume for service in services.values() for volume in service["volumes"]]
    here = [volume.split(":")[0] for volume in mounted if volume.startswith("./")]
    assert 3 == len(here)
    assert [] == [path for path in here if not (ROOT / path).exists()]


def test_the_variables_of_the_compose_file(tmp_path: Path) -> None:
    """Version 2 writes a volume in several lines, and ports as text."""
    output = compose("config", GATEWAY_FOLDER=str(tmp_path), GATEWAY_PORT="80", TZ="Europe/Berlin")
    gateway = yaml.safe_load(output)["services"]["gateway"]
    assert {"TZ": "Europe/Berlin"} == gateway["environment"]
    (port,) = gateway["ports"]
    assert (80, 8080) == (int(port["published"]), int(port["target"]))
    plain = yaml.safe_load(compose("config"))["services"]["gateway"]
    for service, folder in ((gateway, tmp_path), (plain, ROOT / "config")):
        (config,) = [str(item) for item in service["volumes"] if str(folder) in str(item)]
        assert "/etc/directory-gateway" in config


def test_the_gateway_may_do_no_more_than_it_must(services: dict[str, Any]) -> None:
    gateway = services["gateway"]
    assert (True, ["ALL"]) == (gateway["read_only"], gateway["cap_drop"])
    assert ["no-new-privileges:true"] == gateway["security_opt"]
    assert ["/tmp"] == gateway["tmpfs"]


def test_the_pod_of_the_page_is_the_user_of_the_image() -> None:
    page = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
    pod = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    _, final = dockerfile.read(ROOT / "Dockerfile")
    user, group = map(int, final.last("USER").rest.split(":"))
    context = pod["securityContext"]
    assert (user, group, group) == (context["runAsUser"], context["runAsGroup"], context["fsGroup"])
    (container,) = pod["containers"]
    (state,) = (mount for mount in container["volumeMounts"] if mount["name"] == "state")
    assert state["mountPath"] == final.last("VOLUME").rest
    port = int(final.last("EXPOSE").rest)
    probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("liveness", "readiness")}
    assert {"/-/healthy", "/-/ready"} == {probe["path"] for probe in probes.values()}
    assert {port} == {probe["port"] for probe in probes.values()}


def fetched(tmp_path: Path, profile: str, **replaced: str) -> str:
    """Return what `fetch` shows with the profile's configuration, whose server is here."""
    text = (EXAMPLES / profile / "gateway.toml").read_text(encoding="utf-8")
    for name, url in replaced.items():
        assert text.count(name) == 1, name
        text = text.replace(name, url)
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    done = run("fetch", "people", cwd=tmp_path)
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def test_the_people_of_radicale_are_read(tmp_path: Path, services: dict[str, Any]) -> None:
    """The server's configuration and the writing command are those of the compose file."""
    config = (EXAMPLES / "radicale/server/config").read_text(encoding="utf-8")
    users = EXAMPLES / "radicale/server/users"
    config = config.replace("/etc/radicale/users", str(users))
    config = config.replace("/var/lib/radicale", str(tmp_path))

    def command(port: int) -> list[str]:
        file = tmp_path / "config"
        file.write_text(config.replace("0.0.0.0:5232", f"127.0.0.1:{port}"), encoding="utf-8")
        return [sys.executable, "-m", "radicale", "--config", str(file)]

    server = ServerProcess(command, tmp_path / "log")
    server.start()
    try:
        url = f"http://127.0.0.1:{server.port}/"
        words = [
            word.replace("http://radicale:5232/", url).replace(
                "/people.vcf", str(EXAMPLES / "radicale/people.vcf")
            )
            for word in services["radicale-people"]["command"]
        ]
        for _ in range(2):
            subprocess.run(["curl", *words], check=True, timeout=PATIENCE)
        output = fetched(tmp_path, "radicale", **{"http://radicale:5232/": url})
    finally:
        server.stop()
    assert [name for name in NAMES if name in output] == list(NAMES)
    assert 6 == output.count("Example")


def test_the_people_of_openldap_are_read(tmp_path: Path, services: dict[str, Any]) -> None:
    """The tree that the image makes of its variables is made by the test."""
    variables = services["openldap"]["environment"]
    reader = variables["LDAP_READONLY_USER_USERNAME"]
    tree = f"""\
dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
dc: example
o: {variables["LDAP_ORGANISATION"]}

dn: cn={reader},dc=example,dc=com
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: {reader}
userPassword: {variables["LDAP_READONLY_USER_PASSWORD"]}
"""
    service = services["openldap-people"]
    (line,) = service["command"]
    line = line.replace("$$", "$").replace("/people.ldif", str(EXAMPLES / "openldap/people.ldif"))
    # The rootdn of the test's server has a password of its own.
    password = f"-w {variables['LDAP_ADMIN_PASSWORD']}"
    assert line.count(password) == 2
    line = line.replace(password, f"-w {shlex.quote(slapd.PASSWORD)}")
    folder, settings = tmp_path / "slapd", slapd.Settings(tree=tree)
    certificate = make_authority(tmp_path).issue("localhost")
    with slapd.running(folder, certificate, settings) as server:
        more = {"SERVER": server.url, "ADMIN": service["environment"]["ADMIN"]}
        for _ in range(2):
            command = [*service["entrypoint"], line]
            subprocess.run(command, check=True, env=environment(**more), timeout=PATIENCE)
        output = fetched(tmp_path, "openldap", **{"ldap://openldap": server.url})
    assert [name for name in NAMES if name in output] == list(NAMES)
