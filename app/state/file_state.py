"""Return a file's state (times, size and inode), to notice that it was changed."""

from pathlib import Path

FileState = tuple[int, int, int, int]


def file_state(path: Path) -> FileState:
    """Return a value that differs once the file was written or replaced.

    The value is four zeros if the file does not exist or may not be seen. Its first
    part is the time of the last write, in nanoseconds since 1970.
    """
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0, 0)
    # The time of the last write can be set at will (`cp -p`, `rsync -t`), that of the inode's
    # change cannot.
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
