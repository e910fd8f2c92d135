"""Check the settings in a phone's SEP file."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from app.device_config.document import Document
from app.device_config.elements import Element
from app.device_config.findings import Finding
from app.device_config.time_zones import TIME_ZONES
from app.device_config.urls import SERVICE_URLS, correct_menu_url, is_address, url_problems

FILE_NAME = re.compile(r"SEP[0-9A-F]{12}\.cnf\.xml\Z")
_ANY_CASE = re.compile(r"sep[0-9a-f]{12}\.cnf\.xml\Z", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[[A-Za-z][\w .-]*\]")
_LINE, _SERVICE = "9", "20"
"""featureID of a line that registers, and of a key that opens a URL (CP-78xx guide)."""


@dataclass(frozen=True, slots=True)
class Files:
    """The other files of the folder, as a phone finds them; empty for a single file."""

    names: frozenset[str] = frozenset()
    is_folder: bool = False

    def similar(self, name: str) -> str:
        """Return a name that differs only in upper and lower case, or ""."""
        return next((one for one in self.names if one.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a line registers, and where it stands."""

    exchange: str
    name: str
    file: str
    line: int


class SepChecks:
    """The checks of one file; `findings` and `accounts` have the results."""

    def __init__(self, document: Document, root: Element, files: Files) -> None:
        self.findings: list[Finding] = []
        self.accounts: list[Account] = []
        self._document = document
        self._root = root
        self._files = files
        load = root.first("loadInformation")
        self._load = load.text if load is not None else ""
        self._check_name()
        self._check_parts()
        self._check_placeholders()
        self._check_urls()
        self._check_clock()
        self._check_files()
        self._check_lines()

    def _report(self, line: int, rule: str, message: str, correction: str = "") -> None:
        self.findings.append(Finding(self._document.name, line, rule, message, correction))

    def _check_name(self) -> None:
        name = self._document.name
        if _ANY_CASE.match(name) and not FILE_NAME.match(name):
            right = f"SEP{name[3:15].upper()}.cnf.xml"
            self._report(0, "file-name", f"A phone requests {right}: rename the file.")

    def _check_parts(self) -> None:
        # In a file that is not well-formed, what is missing may only be in the wrong place.
        if self._root.name != "device" or self._document.findings:
            return
        for name, why in (
            ("deviceProtocol", "the phone does not know which protocol to speak"),
            ("processNodeName", "the phone does not know its exchange"),
            ("sipLines", "the phone has no line"),
        ):
            elements = self._root.all(name)
            if not elements:
                self._report(0, "missing", f"<{name}> is missing: {why}.", f"<{name}>...</{name}>")
            for extra in elements[1:] if name == "sipLines" else ():
                self._report(
                    extra.line,
                    "twice",
                    f"<{name}> stands twice, first in line {elements[0].line}. Put all into one.",
                )

    def _check_placeholders(self) -> None:
        for element in self._root.walk():
            if not element.children and _PLACEHOLDER.fullmatch(element.text):
                self._report(
                    element.line,
                    "placeholder",
                    f"<{element.name}> still has {element.text} of the sample. Fill it in.",
                )

    def _check_urls(self) -> None:
        is_trusted = any(name.lower().startswith(("itl", "ctl")) for name in self._files.names)
        for element in self._root.walk():
            url, key = element.text, element.name
            if key not in SERVICE_URLS or not url or _PLACEHOLDER.fullmatch(url):
                continue
            for rule, message in url_problems(key, url, self._load, is_trusted=is_trusted):
                corrected = ""
                if rule == "no-menu":
                    corrected = correct_menu_url(url)
                elif rule == "https":
                    corrected = f"http{url[len('https') :]}"
                self._report(element.line, rule, message, corrected and _line(key, corrected))
        for key in ("directoryURL", "servicesURL"):
            for extra in self._root.all(key)[1:]:
                self._report(extra.line, "twice", f"<{key}> stands twice. Delete one.")

    def _check_clock(self) -> None:
        for ntp in self._root.all("ntp"):
            name = ntp.first("name")
            if name is not None and name.text and not is_address(name.text):
                if _PLACEHOLDER.fullmatch(name.text):
                    continue
                # The clock of a 78xx stands still, though NTP packets arrive (CP-78xx guide).
                self._report(
                    name.line,
                    "ntp-name",
                    "The clock stands still if the NTP server is given by name. Write its address.",
                    "<name>ADDRESS</name>",
                )
        for zone in self._root.all("timeZone"):
            if zone.text not in TIME_ZONES:
                near = difflib.get_close_matches(zone.text, TIME_ZONES, 1)
                self._report(
                    zone.line,
                    "time-zone",
                    f"No phone knows the time zone {zone.text!r}.",
                    _line("timeZone", near[0]) if near else "",
                )

    def _check_files(self) -> None:
        for element in self._root.walk():
            name = element.text
            if element.name == "loadInformation" and name:
                if name.endswith(".loads"):
                    short = name.removesuffix(".loads")
                    self._report(
                        element.line,
                        "load-name",
                        "loadInformation is the name of the file without .loads.",
                        _line(element.name, short),
                    )
                    name = short
                self._check_file(element, f"{name}.loads")
            elif element.name in ("dialTemplate", "softKeyFile") and name:
                self._check_file(element, name)

    def _check_file(self, element: Element, name: str) -> None:
        if not self._files.is_folder or name in self._files.names:
            return
        similar = self._files.similar(name)
        self._report(
            element.line,
            "missing-file",
            f"<{element.name}> needs the file {name}, and the folder has "
            + (f"it only as {similar}." if similar else "no such file."),
        )

    def _check_lines(self) -> None:
        node = self._root.first("processNodeName")
        buttons: dict[str, int] = {}
        for line in self._root.all("line"):
            button = (line.attribute("button") or "").strip()
            if not button.isdigit():
                self._report(line.line, "button", 'Number the key: <line button="1">.')
            elif button in buttons:
                self._report(
                    line.line, "button", f"Line {buttons[button]} has button {button} already."
                )
            else:
                buttons[button] = line.line
            feature = _text(line, "featureID")
            if not feature:
                self._report(
                    line.line,
                    "feature",
                    f"<featureID> is missing: {_LINE} for a line,"
                    f" {_SERVICE} for a key that opens a URL.",
                )
            elif feature == _SERVICE and not (
                _text(line, "serviceURI") or _text(line, "secureServiceURI")
            ):
                self._report(line.line, "feature", "This key opens nothing: it has no serviceURI.")
            elif feature == _LINE:
                name = _text(line, "name")
                if not name:
                    self._report(line.line, "account", "This line has no account: <name> is empty.")
                elif not _PLACEHOLDER.fullmatch(name) and _text(line, "sharedLine") != "true":
                    proxy = _text(line, "proxy")
                    exchange = node.text if node is not None else ""
                    if proxy.upper() not in ("", "USECALLMANAGER"):
                        exchange = proxy
                    self.accounts.append(
                        Account(exchange.lower(), name, self._document.name, line.line)
                    )


def shared_accounts(accounts: list[Account]) -> Iterator[Finding]:
    """Yield a finding for each account that stands twice."""
    first: dict[tuple[str, str], Account] = {}
    for account in accounts:
        known = first.setdefault((account.exchange, account.name), account)
        if known is not account:
            where = (
                f"{known.file} line {known.line}"
                if known.file != account.file
                else (f"line {known.line}")
            )
            yield Finding(
                account.file,
                account.line,
                "shared-account",
                f"The account {account.name} stands in {where} too. Only the phone that registers"
                " last gets its calls.",
            )


def _text(line: Element, name: str) -> str:
    return next((child.text for child in line.children if child.name == name), "")


def _line(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
