"""The state directory: made for its owner alone, and refused where it is somebody else's.

Law of this file: folders and their owners. It knows nothing of what lies in one.

Fact: the demo's folder has a name that anybody can guess, in a folder where anybody may write: whoever made it first must be us.
"""

import errno
import os
import stat
from pathlib import Path

REQUESTS = "requests"


def unusable(error: OSError) -> str:
    """Return the sentence about a state directory that cannot be used, without its name."""
    match error.errno:
        case errno.EEXIST | errno.ENOTDIR:
            advice = "A file is in the way: move it, or set state_dir to another folder"
        case errno.ENOENT:
            advice = "Make it, or set state_dir to another folder"
        case errno.ENOSPC | errno.EDQUOT:
            advice = "Make room there, or set state_dir to another folder"
        case _:
            advice = "Give its owner the right to write there, or set state_dir to another folder"
    return f"cannot be used ({error.strerror or error}). {advice}."


def make_folder(folder: Path) -> None:
    """Make a state directory, and the box for requests in it, that its owner alone can read.

    Raises OSError where it cannot be made or written, or is not ours: a link, or a folder of another user.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode) and folder.parent.stat().st_mode & stat.S_ISVTX:
        raise PermissionError(13, "it is a link in a folder where everybody may write", str(folder))
    owner = folder.stat()
    if owner.st_uid != os.geteuid():
        raise PermissionError(13, f"it belongs to another user ({owner.st_uid})", str(folder))
    if owner.st_mode & 0o077:
        folder.chmod(0o700)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied", str(folder))
    (folder / REQUESTS).mkdir(mode=0o700, exist_ok=True)
