"""Files without a name: what a supervisor hands its children by descriptor, gone with the last process that holds it.

Law of this file: bytes and descriptors. On Linux they are memory, so that no full or read-only disk can touch them.
"""

import os
import sys
import tempfile


def create(data: bytes) -> int:
    """Return the descriptor of a new file that holds `data`; children may be handed it."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("directory-gateway")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    replace(descriptor, data)
    os.set_inheritable(descriptor, True)
    return descriptor


def replace(descriptor: int, data: bytes) -> None:
    """Make `data` all that a file holds."""
    os.ftruncate(descriptor, len(data))
    os.pwrite(descriptor, data, 0)


def read(descriptor: int) -> bytes:
    """Return all that a file holds."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
