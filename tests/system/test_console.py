"""The console of a gateway with several workers."""

import os
import re
import signal
import urllib.parse
import urllib.request
from pathlib import Path

from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually


def test_all_workers_know_the_last_requests_and_take_each_others_forms(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    config = (
        contacts.CONFIG
        + '[profiles.default]\n[profiles.board]\nrestricted = true\nnetworks = ["10.9.9.0/24"]\n'
    )
    with Gateway(tmp_path, config, "--workers", "2") as gateway:
        first = gateway.children("app.web.worker")
        assert 2 == len(first)
        gateway.get("/menu.xml?name=SEP001122334455", x_CiscoIPPhoneModelName="CP-7821")
        for _ in range(6):
            assert 403 == gateway.get("/p/board/menu.xml")[0]

        def is_shared(status: dict) -> bool:
            refused, phones = status["refused_requests"], status["phones"]
            return (
                ["SEP001122334455"] == [phone["device"] for phone in phones]
                and ["/p/board/menu.xml"] == [item["path"] for item in refused]
                and [6] == [item["count"] for item in refused]
            )

        eventually(
            lambda: all(is_shared(gateway.status()) for _ in range(8)),
            "every worker tells the same",
        )
        token = re.findall(r'name="token" value="([0-9a-f]+)"', gateway.text("/"))[0]
        form = urllib.parse.urlencode({"token": token, "source": "staff"}).encode()
        for _ in range(8):
            with urllib.request.urlopen(
                gateway.base + "/-/refresh", form, timeout=PATIENCE
            ) as answer:
                assert "staff: being read" in answer.read().decode()
        for worker in first:
            os.kill(worker, signal.SIGKILL)
        eventually(
            lambda: (
                not set(first) & set(gateway.children("app.web.worker"))
                and gateway.status_code("/-/status") == 200
                and is_shared(gateway.status())
            ),
            "the workers that take over continue",
        )
