"""Let the web workers run before the builder.

The lowest priority is not enough. While two threads of the builder are busy on the only
two cores, a web worker that wakes may wait until the next tick of the clock (4 ms with
Linux's default of 250 a second), also under SCHED_BATCH, SCHED_IDLE and with short
slices: measured, see docs/decisions/0020-builder-leaves-a-core.md.
"""

import os
from collections.abc import Set
from contextlib import suppress

LOWEST = 19


def building_cores(allowed: Set[int]) -> frozenset[int]:
    """Return the cores that the builder uses of those that it may use: not the first.

    If there is only one, it is that one.
    """
    return frozenset(allowed) - {min(allowed)} or frozenset(allowed)


def give_way() -> None:
    """Let web workers run before this thread and all that it starts.

    What the system refuses is left as it is.
    """
    # AttributeError: macOS has no processor affinity.
    with suppress(OSError, AttributeError):
        os.nice(LOWEST)
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, building_cores(os.sched_getaffinity(0)))
