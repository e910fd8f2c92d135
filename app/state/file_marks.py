"""Tell whether a file was changed, by its times, size and place on the disk."""

from pathlib import Path

FileMark = tuple[int, int, int, int]


def file_mark(path: Path) -> FileMark:
    """Return a value that differs once the file was written or replaced; zeros if there is no such file or no right to see it.

    The first part is when it was written. That time can be set at will (`cp -p`, `rsync -t`), the last part, of the inode, cannot.
    """
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns)
