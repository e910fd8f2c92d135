"""Flask and lxml: each request builds the page as a tree of elements.

The file is read once. `python -m tests.bench.rivals.flask_lxml PORT` serves it by
Flask's own server, which is how such scripts are run; gunicorn loads `app`.
"""

import logging
import sys

from flask import Flask, Response, request
from lxml import etree

from tests.bench.rivals.directory import SIZE, keys, rows

app = Flask(__name__)
ROWS = rows()


@app.get("/page.xml")
def page() -> Response:
    """Return one page of the directory."""
    number = int(request.args.get("page", "1"))
    root = etree.Element("CiscoIPPhoneDirectory")
    etree.SubElement(root, "Title").text = "Staff"
    etree.SubElement(root, "Prompt").text = f"Page {number}"
    for place, (name, url) in enumerate(keys(number), 1):
        item = etree.SubElement(root, "SoftKeyItem")
        etree.SubElement(item, "Name").text = name
        etree.SubElement(item, "Position").text = str(place)
        etree.SubElement(item, "URL").text = url
    for name, digits in ROWS[(number - 1) * SIZE : number * SIZE]:
        entry = etree.SubElement(root, "DirectoryEntry")
        etree.SubElement(entry, "Name").text = name
        etree.SubElement(entry, "Telephone").text = digits
    return Response(
        etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True),
        mimetype="text/xml",
    )


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
