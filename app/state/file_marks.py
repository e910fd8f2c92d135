"""Return a file's state (times, size and inode), to notice that it was changed."""

from pathlib import Path

FileMark = tuple[int, int, int, int]


def file_mark(path: Path) -> FileMark:
    """Return a value that differs once the file was written or replaced.

    The value is four zeros if the file does not exist or may not be seen. Its first
    part is the time of the last write, in nanoseconds since 1970.
    """
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0, 0)
    # The time of the last write can be set at will (`cp -p`, `rsync -t`), that of the inode's
    # change cannot.
    return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns)
