"""Time limits of connectors, so that a test meets one of them and no other."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connectors import deadline
from tests.support.patience import PATIENCE


@contextmanager
def time_limits(*, step: float = PATIENCE, whole: float = PATIENCE) -> Iterator[float]:
    """Limit whole exchanges to `whole` seconds inside the block.

    Yields `step` for the connector's `timeout`, which limits single steps.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deadline, "TIMEOUTS", whole / step)
        yield step
