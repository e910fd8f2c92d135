"""Render the home page for operators, with status and lines for phone configurations.

The page has no script and loads nothing from elsewhere.
"""

from collections.abc import Sequence
from html import escape

from app.generation.reader import Generation
from app.settings.loader import Settings
from app.state.status import Status, iso_time
from app.web.base_url import BaseUrl
from app.web.status_report import report

_STYLE = (
    "body{font:16px"
    " sans-serif;margin:2em;max-width:60em}table{border-collapse:collapse}td,th{border:1px solid"
    " #aaa;padding:.3em .6em;text-align:left}pre{background:#eee;padding:1em;overflow:auto}"
)


def phone_lines(base: str, prefix: str = "") -> str:
    """Return the text for `SEP<mac>.cnf.xml` that sets the phone's directory keys.

    These are the Directory key, the Applications key and a line key.
    """
    # `directoryURL` accepts a menu alone. `servicesURL` takes the Applications key over on a 78xx.
    # A line key with featureID 20 may open a directory directly (CP-78xx guide).
    # `&` is written `&amp;`, and a URL has 255 characters at most (usecallmanager.nz).
    menu, directory = f"{base}/{prefix}menu.xml", f"{base}/{prefix}directory.xml"
    return (
        f"<directoryURL>{escape(menu)}</directoryURL>\n"
        f"<servicesURL>{escape(directory)}</servicesURL>\n\n"
        '<line button="2">\n'
        "  <featureID>20</featureID>\n"
        "  <featureLabel>Phonebook</featureLabel>\n"
        f"  <serviceURI>{escape(directory)}</serviceURI>\n"
        "</line>\n"
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    cells = "".join(f"<th>{escape(text)}</th>" for text in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>\n" for row in rows
    )
    return f"<table>\n<tr>{cells}</tr>\n{body}</table>\n"


def front_page(
    settings: Settings, generation: Generation | None, status: Status, reach: BaseUrl
) -> str:
    """Return the page as HTML.

    The URLs of books and the lines to paste begin with the base URL of `reach`. The
    page shows its note too.
    """
    base = reach.base
    told = report(settings, generation, status)
    if generation is None:
        since = (
            "<p>Nothing is served yet: no generation of this configuration has been built.</p>\n"
        )
    else:
        since = (
            f"<p>Serving generation {escape(generation.version)}, built at"
            f" {escape(iso_time(generation.built_at) or '')}.</p>\n"
        )
    if settings.demo:
        since += "<p>No gateway.toml was found: this is the demo directory.</p>\n"
    if told.problem:
        since += f"<p><strong>{escape(told.problem)}</strong></p>\n"
    sources = [
        (name, source.state, str(source.contacts), source.last_success or "never", source.error)
        for name, source in told.sources.items()
    ]
    books = [
        (
            profile.name,
            book.title,
            str(told.profiles[profile.name].books[book.name].rows),
            f"{base}/p/{profile.name}/{book.name}.xml",
        )
        for profile in settings.profiles
        for book in profile.books
    ]
    note = f"<p><strong>{escape(reach.note)}</strong></p>\n" if reach.note else ""
    return (
        '<!doctype html>\n<html lang="en">\n<meta'
        f' charset="utf-8">\n<title>{escape(settings.title)}</title>\n<style>{_STYLE}</style>\n'
        f"<h1>{escape(settings.title)}</h1>\n{since}"
        "<h2>Sources</h2>\n"
        f"{_table(('Source', 'State', 'Contacts', 'Last read', 'Error'), sources)}"
        f"<h2>Books</h2>\n{_table(('Profile', 'Book', 'Entries', 'Address'), books)}"
        "<h2>For the phone</h2>\n<p>Lines for <code>SEP&lt;mac&gt;.cnf.xml</code>; take those that"
        " you want.</p>\n"
        f"{note}<pre>{escape(phone_lines(base))}</pre>\n"
        '<p><a href="-/status">Status</a> <a href="docs">What else can be asked</a></p>\n</html>\n'
    )
