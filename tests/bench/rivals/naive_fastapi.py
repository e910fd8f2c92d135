"""FastAPI as a simple script uses it; every request reads the CSV file."""

from xml.sax.saxutils import escape

from fastapi import FastAPI, Response

from tests.bench.rivals.directory import SIZE, keys, rows

app = FastAPI()


@app.get("/page.xml")
def page(page: int = 1) -> Response:
    """Return one page of the directory."""
    found = rows()[(page - 1) * SIZE : page * SIZE]
    softkeys = "".join(
        f"<SoftKeyItem><Name>{name}</Name><Position>{place}</Position><URL>{escape(url)}</URL>"
        f"</SoftKeyItem>\n"
        for place, (name, url) in enumerate(keys(page), 1)
    )
    entries = "".join(
        f"<DirectoryEntry><Name>{escape(name)}</Name><Telephone>{escape(number)}</Telephone>"
        f"</DirectoryEntry>\n"
        for name, number in found
    )
    head = f"<Title>Staff</Title>\n<Prompt>Page {page}</Prompt>\n"
    body = (
        '<?xml version="1.0"'
        f' encoding="utf-8"?>\n<CiscoIPPhoneDirectory>'
        f"\n{head}{softkeys}{entries}</CiscoIPPhoneDirectory>\n"
    )
    return Response(body.encode("utf-8"), media_type="text/xml")
