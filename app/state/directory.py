"""Create the state directory for its owner alone, and refuse one of another user."""

import errno
import os
import re
import stat
import threading
from pathlib import Path

REQUESTS = "requests"
# The builder's first files: a folder that holds one of them is the gateway's own.
_FIRST_FILES = ("builder.lock", "sources.sqlite")
_OWN_FILE = re.compile(
    r"\.?(current|gen-|people-|memo-|draft-|scratch-|status\.json|reload-problem|serve\.lock"
    r"|requests\Z|lost\+found\Z|session\.key|certificate\.json|host\.id)"
)


def describe_error(error: OSError) -> str:
    """Return why a state directory cannot be used, and a remedy, without its name."""
    match error.errno:
        case errno.EEXIST | errno.ENOTDIR:
            advice = "A file is in the way: move it, or set state_dir to another folder"
        case errno.ENOENT:
            advice = "Make it, or set state_dir to another folder"
        case errno.ENOSPC | errno.EDQUOT:
            advice = "Make room there, or set state_dir to another folder"
        case errno.ENOTEMPTY:
            advice = "Set state_dir to a folder of its own, such as one that does not exist yet"
        case _:
            advice = "Give its owner the right to write there, or set state_dir to another folder"
    return f"cannot be used ({error.strerror or error}). {advice}."


def prepare_state_dir(folder: Path) -> None:
    """Create a state directory and its requests folder, readable by the owner alone.

    Raises OSError if it cannot be created or written, or is not ours. Not ours are a
    link in a folder that everybody may write, and another user's folder. Neither is a
    folder that others may read and that holds other files.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_foreign(folder)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    _refuse_unwritable(folder)
    (folder / REQUESTS).mkdir(mode=0o700, exist_ok=True)


def check_state_dir(folder: Path) -> None:
    """Raise the OSError of `prepare_state_dir`, but create and change nothing."""
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except FileNotFoundError:
        if folder.is_symlink():
            raise FileExistsError(errno.EEXIST, "it is a link that leads nowhere") from None
        _refuse_unwritable(next(path for path in folder.absolute().parents if path.exists()))
        return
    if not is_folder:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    _refuse_foreign(folder)
    _refuse_unwritable(folder)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a small file by rename, readable by its owner alone.

    Raises OSError if that fails; the file is as before then.
    """
    # Threads may replace one file at the same time, as two buttons of the console.
    draft = path.with_name(f".{path.name}-{os.getpid()}-{threading.get_ident()}")
    try:
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _refuse_foreign(folder: Path) -> None:
    # The demo's folder has a name that anybody can guess, in a folder where anybody may write.
    # Whoever made it first must be us.
    if folder.is_symlink() and folder.parent.stat().st_mode & stat.S_ISVTX:
        raise PermissionError(13, "it is a link in a folder where everybody may write", str(folder))
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise PermissionError(13, f"it belongs to another user ({status.st_uid})", str(folder))
    if status.st_mode & 0o077:
        # A home, /tmp or /var/lib: taking the rights of others away would lock programs out.
        foreign = [path for path in folder.iterdir() if not _OWN_FILE.match(path.name)]
        if foreign and not any(_is_own_file(folder / name) for name in _FIRST_FILES):
            raise OSError(
                errno.ENOTEMPTY,
                f"it holds other files than the gateway's ({len(foreign)}), and others may read it",
                str(folder),
            )


def _refuse_unwritable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
        code = errno.EROFS if is_read_only else errno.EACCES
        raise OSError(code, os.strerror(code), str(folder))


def _is_own_file(path: Path) -> bool:
    """Return whether a path is a regular file of this user; a link is not."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
