"""https on the gateway's own port: pages, renewal under load, and limits for clients."""

import base64
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.password import PASSWORD, cheap_line
from tests.support.patience import PATIENCE
from tests.support.servers.ca import Authority, make_authority
from tests.support.servers.gateway import eventually, run
from tests.support.servers.secure_gateway import SecureGateway

PATHS = ("/menu.xml", "/staff.xml", "/-/healthy")


class Load:
    """Clients that ask for pages on new connections without a pause; a context manager.

    `served` counts the answers by certificate, `lost` are the errors.
    """

    def __init__(self, gateway: SecureGateway, clients: int = 2) -> None:
        self._gateway = gateway
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]
        self.served: Counter[str] = Counter()
        self.lost: list[str] = []

    def _run(self) -> None:
        while not self._ending.is_set():
            for path in PATHS:
                try:
                    number, answer = self._gateway.ask(path)
                except OSError as error:
                    self.lost.append(repr(error))
                    continue
                head, _, body = answer.partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head)
                if (
                    not head.startswith(b"HTTP/1.1 200")
                    or not length
                    or int(length[1]) != len(body)
                ):
                    self.lost.append(f"{path}: {answer[:100]!r}")
                self.served[number] += 1

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def until_served(self, number: str) -> None:
        """Wait until each client has got several pages with a certificate."""
        before = self.served[number]
        eventually(lambda: self.served[number] > before + 10, f"the certificate {number}")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


BASIC = "Basic " + base64.b64encode(f"x:{PASSWORD}".encode()).decode()
GUARDED = contacts.CONFIG + '[access]\noperator_password_file = "operators"\n'


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[SecureGateway]:
    """Give a gateway with a port for http and one for https."""
    folder = tmp_path_factory.mktemp("both")
    contacts.write(folder / "contacts.csv", map(contacts.person, range(40)))
    (folder / "operators").write_text(cheap_line() + "\n")
    with SecureGateway(folder, authority, plain=True, config=GUARDED) as gateway:
        yield gateway


def test_links_have_the_scheme_and_port_of_the_request(both: SecureGateway) -> None:
    plain = f"http://127.0.0.1:{both.plain_port}"
    for _ in range(3):
        # The second answer is cached, the third comes from the cache.
        secure_menu, plain_menu = both.text("/menu.xml"), both.text(f"{plain}/menu.xml")
        assert f"{both.base}/staff.xml" in secure_menu and plain not in secure_menu
        assert f"{plain}/staff.xml" in plain_menu and both.base not in plain_menu


def test_a_program_logs_in_over_https_alone(both: SecureGateway) -> None:
    status, _, page = both.get("/-/setup", Authorization=BASIC)
    assert 200 == status
    plain = f"http://127.0.0.1:{both.plain_port}"
    assert f"{plain}/menu.xml" in page.decode(), "phones get the address with plain http"
    assert 200 != both.get(f"{plain}/-/people", Authorization=BASIC)[0]
    assert 200 == both.get("/-/people", Authorization=BASIC)[0]


def test_the_strict_phone_walks_by_https(both: SecureGateway, authority: Authority) -> None:
    url = f"{both.base}/menu.xml"
    walked = run("phone", url, "--ca-file", str(authority.file), cwd=both.folder)
    assert (0, "") == (walked.returncode, walked.stderr)
    assert "no breach" in walked.stdout
    refused = run("phone", url, cwd=both.folder)
    assert 1 == refused.returncode
    assert "its certificate is not trusted" in refused.stdout


def test_commands_on_this_machine_need_no_name_in_the_certificate(
    tmp_path: Path, authority: Authority
) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(3)))
    gateway = SecureGateway(tmp_path, authority, plain=False)
    authority.issue("phonebook.example.com").copy_to(gateway.files)
    assert gateway.context is not None
    gateway.context.check_hostname = False
    with gateway:
        assert 0 == run("healthy", cwd=tmp_path).returncode
        output = run("status", cwd=tmp_path).stdout
        assert "running: the gateway\n" in output and "not known" not in output
        assert re.search(r"certificate: expires 20\d\d-\d\d-\d\dT", output)
        assert "https://127.0.0.1:" in gateway.logged(), "the addresses for phones"


def test_a_certificate_is_renewed_under_load(both: SecureGateway) -> None:
    with Load(both) as load:
        for _ in range(3):
            load.until_served(both.renew())
        # A reload replaces the workers at the same time.
        number = both.renew()
        assert 0 == run("reload", cwd=both.folder).returncode
        load.until_served(number)
    assert [] == load.lost
    assert "certificate_renewed" in both.logged()


def test_broken_renewed_files_keep_the_former_certificate(both: SecureGateway) -> None:
    number = both.ask("/menu.xml")[0]
    both.files.key.write_bytes(b"broken")
    problem = eventually(lambda: both.status()["problem"], "the problem")
    assert "The former certificate is served, until 20" in problem
    assert "holds no private key in PEM form" in problem
    assert "holds no private key" in both.status()["certificate"]["problem"]
    metrics = both.text("/-/metrics")
    assert "directory_gateway_certificate_ok 0.0" in metrics
    assert "directory_gateway_certificate_expiry_timestamp_seconds 1" in metrics
    assert "event=certificate_refused" in both.logged()
    result = run("status", cwd=both.folder)
    assert (1, True) == (result.returncode, "fault: the gateway has a problem" in result.stdout)
    refused = run("reload", cwd=both.folder)
    assert (1, True) == (refused.returncode, "holds no private key" in refused.stderr)
    # A worker that starts now has the former certificate too.
    (worker,) = both.children("app.web.worker")
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: both.children("app.web.worker") not in ([worker], []), "a worker again")
    assert number == both.ask("/menu.xml")[0]
    fresh = both.renew()
    eventually(lambda: both.ask("/menu.xml")[0] == fresh, "the new certificate")
    assert 0 == run("reload", cwd=both.folder).returncode
    eventually(lambda: both.status()["problem"] == "", "no problem")


def test_what_serve_refuses(tmp_path: Path, authority: Authority) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(3)))
    gateway = SecureGateway(tmp_path, authority, plain=True)
    gateway.configure(contacts.CONFIG)
    authority.issue("127.0.0.1").key.replace(gateway.files.key)
    refused = run("serve", cwd=tmp_path)
    assert (1, "") == (refused.returncode, refused.stdout)
    assert re.search(
        r"gateway.toml: 1 problem\n  line \d+: listen.certificate: .* does not belong to the key",
        refused.stderr,
    )
    checked = run("check", "--offline", cwd=tmp_path)
    assert (1, True) == (checked.returncode, "FAILED. line " in checked.stdout)
    gateway.files.key.unlink()
    gateway.files.certificate.unlink()
    assert "2 problems" in run("serve", cwd=tmp_path).stderr


def test_check_tells_the_end_and_who_may_read_the_key(tmp_path: Path, authority: Authority) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(3)))
    gateway = SecureGateway(tmp_path, authority, plain=False)
    gateway.configure(contacts.CONFIG)
    gateway.files.key.chmod(0o644)
    result = run("check", "--offline", cwd=tmp_path)
    assert 0 == result.returncode
    assert (
        f"https on port {gateway.port}: the certificate for 127.0.0.1 is valid un" in result.stdout
    )
    assert re.search(r"warning: line \d+: listen.key: others may read .* chmod 640", result.stdout)
    gateway.files.key.chmod(0o640)
    assert "warning" not in run("check", "--offline", cwd=tmp_path).stdout
    authority.issue("127.0.0.1", expired=True).copy_to(gateway.files)
    result = run("check", "--offline", cwd=tmp_path)
    assert (1, True) == (result.returncode, "has expired on 20" in result.stdout)


@pytest.mark.parametrize(
    "lines, message",
    [
        ('certificate = "a"', "listen: certificate needs key too"),
        ('key = "a"', "listen: key needs certificate too"),
        ("https_port = 8443", "listen: https_port needs certificate and key"),
        ('tls_minimum = "1.0"', "listen: tls_minimum needs certificate and key"),
        (
            'certificate = "a"\nkey = "b"\nhttps_port = 8080',
            "port and https_port are the same",
        ),
        ('certificate = "a"\nkey = "b"\ntls_minimum = "1.4"', "listen.tls_minimum"),
        ('certificate = ""\nkey = "b"', 'listen.certificate = "": not a path'),
    ],
)
def test_keys_that_do_not_go_together(tmp_path: Path, lines: str, message: str) -> None:
    (tmp_path / "gateway.toml").write_text(f"{contacts.CONFIG}[listen]\n{lines}\n")
    refused = run("check", "--offline", cwd=tmp_path)
    assert (1, True) == (refused.returncode, message in refused.stderr), refused.stderr


def test_clients_that_never_finish_a_handshake_keep_nobody_out(both: SecureGateway) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(both.connect("127.55.0.1")) for _ in range(70)]
        # 64 for an address: the oldest are closed, and another address is answered.
        silent[0].settimeout(PATIENCE)
        assert b"" == silent[0].recv(1)
        assert b"200 OK" in both.ask("/menu.xml", "127.55.0.2")[1]
        assert b"200 OK" in both.ask("/menu.xml", "127.55.0.1")[1]
        # The rest are closed when the time of a request is over.
        for line in silent:
            line.settimeout(PATIENCE)
            assert b"" == line.recv(1)


def test_a_slow_request_and_an_idle_connection_end(both: SecureGateway) -> None:
    with both.secure() as slow, both.secure() as idle:
        slow.sendall(b"GET /menu.xml HTT")
        assert b"" == slow.recv(1)
        idle.settimeout(PATIENCE)
        assert b"" == idle.recv(1)


def test_whoever_asks_by_plain_http_is_told_in_the_log(both: SecureGateway) -> None:
    with both.connect() as line:
        line.sendall(b"GET /menu.xml HTTP/1.1\r\n\r\n")
        assert b"" == line.recv(100)
    eventually(lambda: "reason=tls_http_request" in both.logged(), "the reason")
