"""FastAPI with one route, with which the start of the gateway is compared."""

from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/page.xml")
async def page() -> Response:
    """Return a constant page."""
    return Response(
        b"<CiscoIPPhoneText>\n<Text>Hello</Text>\n</CiscoIPPhoneText>\n", media_type="text/xml"
    )
