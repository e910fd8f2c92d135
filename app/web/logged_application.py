"""Write the requests that uvicorn's protocol handles to the access log."""

import time
from collections.abc import MutableMapping
from typing import Any

from app.web.access_log import MAX_TARGET, AccessEntry, AccessLog
from app.web.asgi import App, Receive, Scope, Send

_BROKEN = 500
"""The status that uvicorn sends if the application raises an exception."""


class LoggedApplication:
    """An ASGI application that writes each request of another one to the access log.

    It reads what `PhoneApp` puts into the scope: `client_address`, `phone` and
    `refusal`.
    """

    def __init__(self, app: App, log: AccessLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        begun, status, size = time.perf_counter(), _BROKEN, 0

        async def send_counted(message: MutableMapping[str, Any]) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            client = scope.get("client") or ("", 0)
            self._log.add(
                AccessEntry(
                    time.time(),
                    scope.get("client_address") or client[0],
                    scope["method"],
                    scope["raw_path"][:MAX_TARGET],
                    status,
                    0 if scope["method"] == "HEAD" else size,
                    time.perf_counter() - begun,
                    scope.get("phone"),
                    scope.get("refusal", ""),
                )
            )
