"""Show people in a browser why a request was not answered."""

from app.web.templating import render_template

_HEADINGS = {
    401: "You are not logged in",
    403: "You may not do this",
    404: "There is no such page",
    405: "This page cannot be requested like this",
    409: "Something changed meanwhile",
    413: "This is too long",
    429: "You must wait",
    500: "The gateway made an error",
    503: "This is not possible at present",
}


def error_page(status: int, text: str, path: str) -> bytes:
    """Return the page; it tells nothing about this gateway but `text`."""
    return render_template(
        "console/error.html",
        root="../" * (path.count("/") - 1) or "./",
        heading=_HEADINGS.get(status, "This request was not understood"),
        text=text,
        status=status,
    ).encode()
