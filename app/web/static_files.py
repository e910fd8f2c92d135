"""Answer requests for the stylesheet, the script and the picture of the console.

They say nothing about this gateway, so everybody may load them.
"""

from functools import cache
from pathlib import Path

from app.web.asgi import FOR_PEOPLE
from app.web.publisher import Answer

PREFIX = "/-/static/"
FILES = {
    "console.css": b"text/css; charset=utf-8",
    "console.js": b"text/javascript; charset=utf-8",
    "favicon.svg": b"image/svg+xml",
    "phone.css": b"text/css; charset=utf-8",
    "phone.js": b"text/javascript; charset=utf-8",
}


@cache
def _answer(name: str) -> Answer:
    body = (Path(__file__).with_name("static") / name).read_bytes()
    headers = (
        (b"content-length", str(len(body)).encode("ascii")),
        (b"content-type", FILES[name]),
        *FOR_PEOPLE,
    )
    return Answer(headers, body, b"".join(b"%s: %s\r\n" % header for header in headers))


def find_static_file(path: str) -> Answer | None:
    """Return the response to a path, None if no file has it."""
    name = path.removeprefix(PREFIX)
    return _answer(name) if path.startswith(PREFIX) and name in FILES else None
