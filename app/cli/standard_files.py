"""Keep the numbers of the standard files from other files."""

import os
import sys

_STANDARD = (0, 1, 2)


def open_standard_files() -> None:
    """Open /dev/null in place of each standard file that is closed.

    Otherwise the next file that is opened gets its number: what is printed would go
    into it, and a child would find something else there. `sys.__stdout__` stays None if
    standard output was closed.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) in _STANDARD:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)
