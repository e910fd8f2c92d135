"""A password of operators, and lines of it: a usual one, and one that costs little."""

import base64
import hashlib

PASSWORD = "correct horse"
"""The password in `STRONG_LINE` and `cheap_line`."""
STRONG_LINE = (
    "$scrypt$ln=15,r=8,p=3$LmKZYfX1yL4Fu8yeEE2gDg$mdZMgh2ScSTbG+PpOCDxcB4MSBeqn1lMqr5WWxeZ9VE"
)


def cheap_line(password: str = PASSWORD) -> str:
    """Return a line with the smallest cost, as another program would make it."""
    salt = b"salt of sixteen."
    hashed = hashlib.scrypt(password.encode(), salt=salt, n=2, r=8, p=1, dklen=32)
    parts = (base64.b64encode(part).decode().rstrip("=") for part in (salt, hashed))
    return "$".join(("", "scrypt", "ln=1,r=8,p=1", *parts))
