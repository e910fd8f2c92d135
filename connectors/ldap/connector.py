"""Read contacts from OpenLDAP, Active Directory, 389 Directory Server and FreeIPA."""

import re
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from connectors.base import Connector, Delta, Full, Progress, SourceError, SourceUnavailable
from connectors.fields import LocalPath, raise_problems
from connectors.ldap.checkpoint import ChangeAttributes, digest_of, read_checkpoint
from connectors.ldap.connection import LoginOptions, Server, open_connection, parse_url
from connectors.ldap.dn import parse_dn
from connectors.ldap.entries import MEMBER_OF, EntryReader, GroupsFrom
from connectors.ldap.errors import UntrustedServer
from connectors.ldap.presets import PRESETS, Attributes, PresetName, one_or_more
from connectors.ldap.reader import ReadPlan, filter_attributes, read_changes, read_everything
from connectors.ldap.search import Scope, Searcher

_NAME = re.compile(r"[^\s.]+(\.[^\s.]+)*")
_ESCAPE = re.compile(r"\\(?![0-9A-Fa-f]{2})")


def _urls(urls: tuple[str, ...]) -> tuple[str, ...]:
    for url in urls:
        parse_url(url)
    return urls


def _bases(bases: tuple[str, ...]) -> tuple[str, ...]:
    for base in bases:
        parse_dn(base)
    return bases


def _valid_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError('not a name of a server: write "dc1.example.com"')
    return name


def _check_filter(text: str) -> str:
    r"""Return a filter in brackets.

    Raises ValueError if its brackets do not match (in values they are \28 and \29).
    """
    if not text:
        return text
    if _ESCAPE.search(text):
        raise ValueError(
            "a backslash stands before two hexadecimal digits only: write \\5c for a backslash in a"
            " value"
        )
    if not text.startswith("("):
        text = f"({text})"
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth <= 0 and at < len(text) - 1:
            raise ValueError(
                "a bracket is closed too early: a filter is one pair of brackets, as in"
                ' "(&(a=1)(b=2))"'
            )
    if depth != 0:
        raise ValueError(f"{abs(depth)} bracket{'s are' if abs(depth) > 1 else ' is'} not closed")
    return text


class LdapConnector(Connector):
    """Connector for an LDAP directory; `docs/connectors/ldap.md` explains its keys."""

    url: Annotated[
        tuple[str, ...], BeforeValidator(one_or_more), Field(min_length=1), AfterValidator(_urls)
    ]
    bind_dn: str | None = None
    password: SecretStr | None = None
    base_dn: Annotated[
        tuple[str, ...], BeforeValidator(one_or_more), Field(min_length=1), AfterValidator(_bases)
    ]
    filter: Annotated[str, AfterValidator(_check_filter)] = ""
    scope: Scope = "subtree"
    preset: PresetName = "openldap"
    attributes: Attributes = Attributes()
    starttls: bool = False
    ca_file: LocalPath | None = None
    valid_names: Annotated[
        tuple[Annotated[str, AfterValidator(_valid_name)], ...],
        BeforeValidator(one_or_more),
    ] = ()
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 500
    sync: Literal["auto", "full"] = "auto"
    groups_from: GroupsFrom = "memberOf"

    @model_validator(mode="after")
    def _check_keys(self) -> Self:
        password = "" if self.password is None else self.password.get_secret_value()
        wrong: list[str] = []
        if self.bind_dn is None:
            wrong.append(
                'bind_dn is missing: write the account to log in with, or bind_dn = "" to read'
                " without a login"
            )
        elif self.bind_dn and not password:
            # A bind with a name and an empty password is an anonymous one, and succeeds (RFC 4513,
            # section 5.1.2). So it must never be sent.
            wrong.append(
                "password is missing or empty: a server would take the login for an anonymous one"
            )
        elif password and not self.bind_dn:
            wrong.append(
                "there is a password, but bind_dn is empty: write the account that it belongs to"
            )
        plain = [server.url for server in self._servers if not server.tls]
        if self.starttls and len(plain) < len(self._servers):
            wrong.append(
                "starttls is for ldap:// addresses; ldaps:// ones are encrypted already: choose one"
                " of the two in url"
            )
        if plain and not self.starttls and (self.ca_file is not None or self.valid_names):
            wrong.append(
                "ca_file and valid_names are for encrypted connections: use ldaps:// in url, or set"
                " starttls = true"
            )
        if not self._attributes.id:
            wrong.append(
                "attributes.id is empty: name the attribute that identifies an entry, or leave the"
                " key out"
            )
        raise_problems(wrong)
        return self

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read everything, or what changed since `since`.

        The first server that answers is read. Raises SourceRefused if a server refuses
        login or search, SourceUnavailable if none answers completely.
        """
        problems: list[SourceError] = []
        report = _monotonic(progress)
        for server in self._servers:
            try:
                with open_connection(server, self._login_options) as connection:
                    return self._read(Searcher(connection, server, self.timeout), since, report)
            except (SourceUnavailable, UntrustedServer) as error:
                problems.append(error)
        if len(problems) == 1:
            raise problems[0]
        kind = (
            UntrustedServer
            if any(isinstance(item, UntrustedServer) for item in problems)
            else SourceUnavailable
        )
        raise kind(
            f"none of {len(problems)} servers in url gave the list: "
            + " ".join(str(item) for item in problems)
        ) from problems[-1]

    def _read(self, searcher: Searcher, since: str | None, progress: Progress) -> Full | Delta:
        plan = self._plan
        previous = read_checkpoint(since, plan.question) if plan.remembers else None
        if previous is not None and since is not None:
            changes = read_changes(searcher, plan, previous, since, progress)
            if changes is not None:
                return changes
        return read_everything(searcher, plan, previous, progress)

    @cached_property
    def _servers(self) -> tuple[Server, ...]:
        return tuple(parse_url(url) for url in self.url)

    @cached_property
    def _login_options(self) -> LoginOptions:
        login = (
            (self.bind_dn, self.password.get_secret_value())
            if self.bind_dn and self.password is not None
            else None
        )
        return LoginOptions(login, self.starttls, self.ca_file, self.valid_names, self.timeout)

    @cached_property
    def _attributes(self) -> Attributes:
        return self.attributes.over(PRESETS[self.preset].attributes)

    @cached_property
    def _plan(self) -> ReadPlan:
        preset = PRESETS[self.preset]
        chosen = self.filter or preset.filter
        filter_ = f"(&{chosen}{preset.hidden})" if preset.hidden else chosen
        besides = (MEMBER_OF,) if self.groups_from == "memberOf" else ()
        configured = tuple(
            (f"attributes.{key}", name) for key, name in self.attributes.all_names()
        ) + filter_attributes(self.filter)
        question = digest_of(
            *self.base_dn,
            "",
            filter_,
            self.scope,
            self.groups_from,
            self.preset,
            self._attributes.model_dump_json(),
        )
        return ReadPlan(
            bases=self.base_dn,
            filter=filter_,
            scope=self.scope,
            page_size=self.page_size,
            reader=EntryReader(self._attributes, self.groups_from),
            stamps=ChangeAttributes(
                tuple(name.lower() for name in preset.exact), preset.dated.lower(), besides
            ),
            configured_attributes=configured,
            question=question,
            remembers=self.sync == "auto",
        )


def _monotonic(progress: Progress | None) -> Progress:
    """Return a progress callback that never counts backwards.

    A fetch may begin again on another server or with smaller pages.
    """
    furthest = -1

    def report(done: int, total: int | None) -> None:
        nonlocal furthest
        if progress is not None and done > furthest:
            furthest = done
            progress(done, total)

    return report
