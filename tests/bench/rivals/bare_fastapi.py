"""FastAPI with one route and nothing behind it: what the start of the gateway is measured against."""

from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/page.xml")
async def page() -> Response:
    """Return a page that was always there."""
    return Response(b"<CiscoIPPhoneText>\n<Text>Hello</Text>\n</CiscoIPPhoneText>\n", media_type="text/xml")
