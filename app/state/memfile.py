"""Anonymous files that a supervisor hands to its children by descriptor.

They vanish with the last process that holds them. On Linux they are memory, so no full
or read-only disk affects them.
"""

import mmap
import os
import sys
import tempfile
from collections.abc import Callable


def create(data: bytes) -> int:
    """Return the inheritable descriptor of a new file that holds `data`."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("directory-gateway")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    replace(descriptor, data)
    os.set_inheritable(descriptor, True)
    return descriptor


def open_map(descriptor: int | None, make: Callable[[], int]) -> mmap.mmap:
    """Return the mapping of a file, for None of a new one that `make` returns."""
    file = make() if descriptor is None else descriptor
    try:
        return mmap.mmap(file, 0)
    finally:
        if descriptor is None:
            os.close(file)


def replace(descriptor: int, data: bytes) -> None:
    """Replace a file's contents with `data`."""
    os.ftruncate(descriptor, len(data))
    os.pwrite(descriptor, data, 0)


def read(descriptor: int) -> bytes:
    """Return a file's contents."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
