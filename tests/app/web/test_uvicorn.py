"""What our server relies on of uvicorn's insides, which it may change in any release.

The classes, methods and attributes are found in the code of `app.web`, so that the test
follows what is overridden. An override that uvicorn does not call any more would do
nothing, without an error.
"""

import ast
import asyncio
import importlib
import inspect
import re
import textwrap
import tomllib
from importlib.metadata import version
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import Server, ServerState

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

HOOKS = {
    HttpToolsProtocol: {
        "connection_made",
        "connection_lost",
        "data_received",
        "eof_received",
        "on_headers_complete",
        "on_body",
        "on_message_complete",
        "on_response_complete",
        "shutdown",
        "send_400_response",
    },
    Server: {"handle_exit", "on_tick"},
}
"""The methods that uvicorn, asyncio or httptools calls, of which ours may override any."""


def is_uvicorns(kind: type) -> bool:
    return kind.__module__.split(".")[0] == "uvicorn"


def subclasses() -> list[tuple[type, type]]:
    """Return our classes that inherit from uvicorn's, each with the first of those."""
    found = []
    for path in sorted((ROOT / "app" / "web").glob("*.py")):
        if "uvicorn" in path.read_text(encoding="utf-8"):
            module = importlib.import_module(f"app.web.{path.stem}")
            for kind in vars(module).values():
                if inspect.isclass(kind) and kind.__module__ == module.__name__:
                    bases = [base for base in kind.__mro__ if is_uvicorns(base)]
                    found += [(kind, bases[0])] if bases else []
    return found


SUBCLASSES = subclasses()
PAIRS = pytest.mark.parametrize("ours, base", SUBCLASSES, ids=lambda kind: kind.__name__)


def test_our_subclasses_are_found() -> None:
    assert {base for _, base in SUBCLASSES} <= HOOKS.keys()
    assert Server in {base for _, base in SUBCLASSES}
    assert any(used_attributes(ours) for ours, _ in SUBCLASSES)


@PAIRS
def test_what_is_overridden_is_a_hook_that_uvicorn_has(ours: type, base: type) -> None:
    inherited = {name for kind in base.__mro__ if kind is not object for name in vars(kind)}
    overridden = {name for name, value in vars(ours).items() if inspect.isfunction(value)}
    assert overridden & HOOKS[base] <= inherited
    assert overridden & inherited - {"__init__"} <= HOOKS[base]
    for name in overridden & HOOKS[base]:
        theirs, mine = (
            list(inspect.signature(getattr(kind, name)).parameters) for kind in (base, ours)
        )
        assert len(theirs) == len(mine), name


def used_attributes(kind: type) -> set[tuple[str, ...]]:
    """Return the attributes of `self`, and those of these, that a class reads.

    Attributes that the class itself sets or defines are left out.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    chains: set[tuple[str, ...]] = set()
    own = set(vars(kind)) | set(inspect.get_annotations(kind))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        names = chain(node)
        if names and isinstance(node.ctx, ast.Store) and len(names) == 1:
            own.add(names[0])
        elif names:
            chains.add(names)
    return {names for names in chains if names[0] not in own}


def chain(node: ast.expr) -> tuple[str, ...]:
    """Return ("flow", "paused") for `self.flow.paused`, () for names without self."""
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name):
            return (node.attr,) if node.value.id == "self" else ()
        before = chain(node.value)
        return (*before, node.attr) if before else ()
    return ()


def test_chains_of_attributes_are_found() -> None:
    class Example(Server):
        own = 1

        def method(self) -> Any:
            self.made = self.config
            return self.own, self.made, self.server_state.default_headers

    assert {
        ("config",),
        ("server_state",),
        ("server_state", "default_headers"),
    } == used_attributes(Example)


async def missing_in_uvicorn(base: type, used: set[tuple[str, ...]]) -> list[str]:
    """Return the attributes that uvicorn's own class lacks while a request is pending."""
    done = asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await done.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False)
    made: list[HttpToolsProtocol] = []

    def protocol() -> HttpToolsProtocol:
        made.append(HttpToolsProtocol(config, ServerState(), {}))
        return made[0]

    listener = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listener.sockets[0].getsockname())
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        while not made or made[0].cycle is None:
            await asyncio.sleep(0.01)
        instance = made[0] if base is HttpToolsProtocol else Server(config)
        missing = [".".join(names) for names in sorted(used) if not has(instance, names)]
        done.set()
        assert (await reader.read()).startswith(b"HTTP/1.1 204")
    writer.close()
    listener.close()
    return missing


def has(value: object, names: tuple[str, ...]) -> bool:
    for name in names:
        if not hasattr(value, name):
            return False
        value = getattr(value, name)
    return True


@PAIRS
def test_the_attributes_that_are_used_are_there(ours: type, base: type) -> None:
    used = used_attributes(ours)
    assert [] == asyncio.run(missing_in_uvicorn(base, used))
    assert ["no_such_thing"] == asyncio.run(missing_in_uvicorn(base, {("no_such_thing",)}))


def test_uvicorn_is_bounded_to_the_release_that_was_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (bounds,) = [text for text in project["dependencies"] if text.startswith("uvicorn")]
    lower, upper = map(int, re.fullmatch(r"uvicorn>=0\.(\d+),<0\.(\d+)", bounds).groups())
    installed = int(version("uvicorn").split(".")[1])
    assert lower <= installed == upper - 1
