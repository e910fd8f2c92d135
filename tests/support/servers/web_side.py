"""The web side of a gateway in a thread, without the start of its processes."""

import re
import shutil
from pathlib import Path

import app.demo
from app.processes.listen import listen
from app.web.phone_app import PhoneApp
from tests.support.offline_gateway import built
from tests.support.servers.client import Client
from tests.support.servers.processes import free_port
from tests.support.servers.worker import Worker

_DEMO = Path(app.demo.__file__).parent


class WebSide(Client):
    """A gateway that reads its sources once by the builder's steps; a context manager.

    It is for what stands on pages. What processes do needs a `Gateway`.
    """

    def __init__(self, folder: Path, config: str) -> None:
        super().__init__(free_port())
        self.folder = folder
        self.settings = built(folder, config + self.listen())

    @property
    def app(self) -> PhoneApp:
        """The application, while it runs."""
        return self._worker.app

    def __enter__(self) -> "WebSide":
        # Connections are taken from here on, and answered as soon as the thread runs.
        self._worker = Worker(self.settings, listen(self.settings.host, self.settings.port))
        self._worker.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._worker.__exit__(*exception)


def demo_side(folder: Path, base_url: str = "") -> WebSide:
    """Return the web side of the demo, whose files are copied to `folder`."""
    shutil.copy(_DEMO / "contacts.csv", folder)
    config = (_DEMO / "gateway.toml").read_text(encoding="utf-8")
    config = re.sub(r"\[listen\]\n(?:\S.*\n)*", "", config)
    return WebSide(folder, (f'base_url = "{base_url}"\n' if base_url else "") + config)
