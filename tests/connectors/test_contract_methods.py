"""A connector overrides what the contract calls: a method of another name would never be called."""

import pytest

from connectors.base import Connector
from connectors.registry import CONNECTORS, load


@pytest.mark.parametrize("word", [known.word for known in CONNECTORS])
def test_no_public_method_stands_outside_the_contract(word: str) -> None:
    kind = load(word)
    own = {name for name, value in vars(kind).items() if callable(value) and not name.startswith("_")}
    assert own <= set(dir(Connector))
