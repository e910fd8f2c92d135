"""Check the files that phones load from a TFTP folder."""

from dataclasses import dataclass
from pathlib import Path

from app.device_config.dial_template import DialTemplate
from app.device_config.document import Document, read_document
from app.device_config.elements import Element
from app.device_config.findings import Finding
from app.device_config.sep_checks import Account, Files, SepChecks, shared_accounts
from app.device_config.template_checks import check_template, is_template, read_template

MAX_BYTES = 1024 * 1024
"""Maximum size of a file that is read."""
_SEP_PARTS = ("sipProfile", "sipLines", "line", "devicePool")


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check.

    `template` is the first dial template among the files, None if there is none.
    """

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    template: DialTemplate | None = None


class CannotRead(Exception):
    """A file or folder that cannot be checked at all. Its text is for people."""


def lint_text(name: str, text: str) -> Report:
    """Check one file without its folder."""
    return _lint([(name, text.encode("utf-8", "replace"))], Files())


def lint_path(path: Path) -> Report:
    """Check a file with the files beside it in mind, or a folder.

    Of a folder these are checked: `SEP*.cnf.xml`, `XMLDefault.cnf.xml`, and each other
    XML file that a SEP file names or that is a dial template. Raises CannotRead.
    """
    folder = path if path.is_dir() else path.parent
    # To open a pipe would wait for somebody who writes into it.
    if not path.is_dir() and path.exists() and not path.is_file():
        raise CannotRead(f"{path}: this is neither a file nor a folder.")
    try:
        beside = {one.name: one for one in sorted(folder.iterdir()) if one.is_file()}
        chosen = _chosen(beside) if path.is_dir() else [path]
        contents = [(one.name, _read(one)) for one in chosen]
    except OSError as error:
        raise CannotRead(f"{error.filename or path}: {error.strerror}.") from error
    if not contents:
        raise CannotRead(f"{path}: there is no SEP<mac>.cnf.xml and no dial template in it.")
    return _lint(contents, Files(frozenset(beside), is_folder=True))


def _chosen(beside: dict[str, Path]) -> list[Path]:
    chosen = []
    for name, path in beside.items():
        lower = name.lower()
        if not lower.endswith(".xml"):
            continue
        is_phone = lower.endswith(".cnf.xml")
        if is_phone or lower == "dialplan.xml" or b"<dialtemplate" in _read(path).lower():
            chosen.append(path)
    return chosen


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise CannotRead(f"{path}: this is larger than 1 MB, which no phone reads.")
    return content


def _lint(contents: list[tuple[str, bytes]], files: Files) -> Report:
    findings: list[Finding] = []
    accounts: list[Account] = []
    template = None
    for name, content in contents:
        document = read_document(name, content)
        # What keeps a phone from reading the file at all comes first.
        findings += document.findings
        of_file: list[Finding] = []
        root = document.root
        if root is not None and is_template(root):
            of_file += check_template(document, root, len(content))
            template = template or read_template(root)
        elif root is not None and _is_phone(root):
            checks = SepChecks(document, root, files)
            of_file += checks.findings
            accounts += checks.accounts
        elif root is not None:
            of_file.append(_unknown(document, root))
        findings += sorted(of_file, key=lambda finding: finding.line)
    findings += shared_accounts(accounts)
    return Report(tuple(name for name, _ in contents), tuple(findings), template)


def _is_phone(root: Element) -> bool:
    return root.name in ("device", "Default", *_SEP_PARTS)


def _unknown(document: Document, root: Element) -> Finding:
    return Finding(
        document.name,
        root.line,
        "outermost",
        f"<{root.name}> is neither a phone's configuration (<device>) nor a dial template"
        " (<DIALTEMPLATE>).",
    )
