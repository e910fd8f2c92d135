"""Large blocks of memory go back to the system, as glibc itself counts them."""

import subprocess
import sys

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

PROGRAM = """
import ctypes
from app.web.large_blocks import return_large_blocks

class Mallinfo2(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "abchdefgij"]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Mallinfo2
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
# glibc maps no block up to this size from now on.
libc.free(libc.malloc(1024 * 1024))
if {is_told}:
    return_large_blocks()
# The fourth field counts the blocks that are mapped for themselves (mallinfo(3)).
before = libc.mallinfo2().h
blocks = [libc.malloc(256 * 1024) for _ in range(40)]
print(libc.mallinfo2().h - before)
"""


def mapped_blocks(*, is_told: bool) -> int:
    """Return how many of 40 buffers of a connection are mapped for themselves."""
    done = subprocess.run(
        (sys.executable, "-c", PROGRAM.replace("{is_told}", str(is_told))),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return int(done.stdout)


def test_buffers_of_connections_with_tls_are_returned_when_they_are_freed() -> None:
    assert 0 == mapped_blocks(is_told=False)
    # A few may still fit into what is free in the heap.
    assert mapped_blocks(is_told=True) > 30
