"""Give the memory of closed connections back to the system."""

from contextlib import suppress

# mallopt(3): blocks from this size on are mapped for themselves, and unmapped when they are freed.
# Without it glibc raises its own threshold at the first such block.
_M_MMAP_THRESHOLD = -3
_BYTES = 128 * 1024


def return_large_blocks() -> None:
    """Tell the C library to return blocks of 128 kB or more when they are freed.

    uvloop has a buffer of 256 kB for each connection with TLS, of which a phone's
    request touches a page or two. In the common heap other pages are touched for
    each next connection, until all of all buffers are resident. Does nothing
    without glibc.
    """
    # A service without the right to make memory executable may be unable to load ctypes.
    with suppress(AttributeError, ImportError, MemoryError, OSError):
        import ctypes

        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _BYTES)
