"""A password of operators, and a line of it that costs little to verify."""

import base64
import hashlib

PASSWORD = "correct horse"
"""The password in `cheap_line`."""


def cheap_line(password: str = PASSWORD) -> str:
    """Return a line with the smallest cost, as another program would make it."""
    salt = b"salt of sixteen."
    hashed = hashlib.scrypt(password.encode(), salt=salt, n=2, r=8, p=1, dklen=32)
    parts = (base64.b64encode(part).decode().rstrip("=") for part in (salt, hashed))
    return "$".join(("", "scrypt", "ln=1,r=8,p=1", *parts))
