"""Write sample configurations of web servers for an exported folder."""

from pathlib import Path
from urllib.parse import urlsplit

from app.export.folder import OWN
from app.export.pages import TRANSIENT, UNKNOWN

_EXPIRES = "Sat, 01 Jan 2000 00:00:00 GMT"


def nginx_config(folder: Path, base_url: str, content_type: str) -> str:
    """Return lines for a `server` block of nginx."""
    path = _path(base_url)
    quoted = _quoted(f"{folder}/")
    transient = _quoted(f"{folder}/{TRANSIENT}/")
    return f"""\
# Phones get {base_url}/menu.xml from these files. In a server block of nginx write:
#     include {folder}/{OWN}/nginx.conf;
location ^~ {path}/ {{
    alias {quoted};
    # Phones read XML under this type alone, and no compressed page.
    types {{ }}
    default_type "{content_type}";
    gzip off;
    # What is not there is told in a page that phones show.
    error_page 403 404 =200 {path}/{UNKNOWN};

    location ^~ {path}/{TRANSIENT}/ {{
        alias {transient};
        # Exit does not return to messages and pages that dial.
        add_header Expires "{_EXPIRES}" always;
    }}
    location ^~ {path}/{OWN}/ {{
        return 404;
    }}
}}
"""


def apache_config(folder: Path, base_url: str, content_type: str) -> str:
    """Return lines for a virtual host of Apache 2.4."""
    path = _path(base_url)
    return f"""\
# Phones get {base_url}/menu.xml from these files. In a virtual host of Apache 2.4 write:
#     Include {folder}/{OWN}/apache.conf
# The modules alias, dir and headers must be enabled.
Alias "{path}/" {_quoted(f"{folder}/")}
<Directory {_quoted(str(folder))}>
    Require all granted
    Options None
    AllowOverride None
    # Phones read XML under this type alone, and no compressed page.
    ForceType "{content_type}"
    SetEnv no-gzip 1
    # What is not there is told in a page that phones show.
    FallbackResource "{path}/{UNKNOWN}"
</Directory>
<Directory {_quoted(f"{folder}/{TRANSIENT}")}>
    # Exit does not return to messages and pages that dial.
    Header always set Expires "{_EXPIRES}"
</Directory>
<Directory {_quoted(f"{folder}/{OWN}")}>
    Require all denied
</Directory>
"""


def _path(base_url: str) -> str:
    return urlsplit(base_url).path.rstrip("/")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
