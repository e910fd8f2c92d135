"""Give the lines that lead a phone to its directory, and say where they belong."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from app.model.profile import DEFAULT, Profile


@dataclass(frozen=True, slots=True)
class ConfigLines:
    """Lines for `SEP<mac>.cnf.xml`, the key they are for, and where they belong."""

    key: str
    place: str
    xml: str


def directory_urls(base: str, profile: Profile) -> tuple[str, str]:
    """Return the addresses of a profile's menu and of its directory."""
    below = base if profile.name == DEFAULT else f"{base}/p/{profile.name}"
    return f"{below}/menu.xml", f"{below}/directory.xml"


def directory_lines(base: str, profile: Profile) -> tuple[ConfigLines, ...]:
    """Return the lines for a profile, the one to prefer first.

    `base` is the address by which phones reach the gateway, such as
    "http://192.168.1.10:8080".
    """
    menu, directory = map(escape, directory_urls(base, profile))
    return (
        # It accepts a menu alone (CP-78xx guide).
        ConfigLines(
            "Directory key",
            "Inside <device>, for example as its first line",
            f"<directoryURL>{menu}</directoryURL>",
        ),
        # featureID 20 opens a URL, and may open a directory directly (CP-78xx guide).
        ConfigLines(
            "A line key",
            "Inside <sipLines>, after the </line> of the other lines; the number of a free key",
            directory_key(directory),
        ),
        # On a 78xx its standard entries are gone then (CP-78xx guide).
        ConfigLines(
            "Applications key, which then shows nothing else",
            "Inside <device>, after directoryURL",
            f"<servicesURL>{directory}</servicesURL>",
        ),
    )


def directory_key(url: str, button: int = 2) -> str:
    """Return a line key that opens a URL, which is escaped already."""
    return f"""\
<line button="{button}">
  <featureID>20</featureID>
  <featureLabel>Phonebook</featureLabel>
  <serviceURI>{url}</serviceURI>
</line>"""
