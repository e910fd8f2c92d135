"""Compose the text of a new `gateway.toml`, with comments that explain it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

Value = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a section, its value, and the comment behind it."""

    name: str
    value: Value
    comment: str = ""

    def line(self) -> str:
        """Return the line of the file."""
        text = f"{self.name} = {toml_value(self.value)}"
        return f"{text}  # {self.comment}" if self.comment else text


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, which gets a file of its own.

    `trial` is the key that is used until the file is written, `key` the one of the
    finished configuration, and `content` returns what the file shall hold.
    """

    key: Key
    trial: Key = field(repr=False)
    content: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """The section of a source.

    `word` names its connector, and so its page of the documentation. `columns` pairs
    each of our fields with the headers that are read for it.
    """

    name: str
    word: str
    keys: tuple[Key, ...]
    remarks: tuple[str, ...] = ()
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What the phones of a site need: a title, the country, and the outside line."""

    title: str = "Phonebook"
    region: str = ""
    outside_line: str = ""


def toml_value(value: Value) -> str:
    """Return a value as TOML 1.0 writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    # The escapes of JSON are escapes of TOML's basic strings, which may hold no DEL either (TOML
    # 1.0, "String").
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def config_text(source: SourceDraft, site: Site, *, is_trial: bool = False) -> str:
    """Return the file; with `is_trial` the secret stands in it, for memory alone."""
    return "\n".join((*_head(site), *_source(source, is_trial=is_trial), *_numbers(site), ""))


def path_value(path: Path, folder: Path) -> str:
    """Return how the configuration in `folder` names a file."""
    try:
        near = str(path.relative_to(folder))
    except ValueError:
        return str(path)
    # A name that begins with ~ would mean somebody's home folder.
    return str(path) if near.startswith("~") else near


def _head(site: Site) -> Iterator[str]:
    yield "# Written by: directory-gateway init. After a change: directory-gateway check"
    yield "# gateway.example.toml shows every key. Relative paths start at the folder of this file."
    yield ""
    yield Key("title", site.title, "of the menu on the phones; 32 characters at most").line()
    yield '# base_url = "http://192.168.1.10:8080"  # what phones use, if it is another address'
    yield ""


def _source(source: SourceDraft, *, is_trial: bool) -> Iterator[str]:
    yield f"# Where the contacts come from: docs/connectors/{source.word}.md explains the keys."
    yield f"[sources.{source.name}]"
    yield Key("connector", source.word).line()
    yield from (key.line() for key in source.keys)
    if source.secret is not None:
        yield (source.secret.trial if is_trial else source.secret.key).line()
    if source.columns:
        yield "# What the columns hold that are not recognised by their headers."
        pairs = (
            f"{name} = {toml_value(headers[0] if len(headers) == 1 else headers)}"
            for name, headers in source.columns
        )
        yield f"columns = {{ recognise = true, {', '.join(pairs)} }}"
    yield from (f"# {remark}" for remark in source.remarks)
    yield '# refresh = "15m"  # how often it is read'
    yield ""


def _numbers(site: Site) -> Iterator[str]:
    yield "# How numbers are dialled: docs/dial-plan.md. To see each: directory-gateway numbers"
    yield "[numbers]"
    region = Key("region", site.region or "DE", "country of numbers that are written without one")
    yield region.line() if site.region else f"# {region.line()}"
    line = Key("outside_line", site.outside_line or "0", "dialled before every number outside")
    yield line.line() if site.outside_line else f"# {line.line()}"
    yield '# own_prefixes = ["+4989555"]  # numbers of this site, cut down to the extension'
