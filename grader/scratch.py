"""Remove the folders in which a learner's code has written. Runs in: every trusted process, and the zygote."""

import contextlib
import os
import sys


def remove(folder: str) -> None:
    """Remove a scratch folder, whatever a learner's code left in it; what the system keeps stays.

    Folders are moved up and emptied one by one: nested a thousand deep, they are beyond any path and any recursion.
    """
    if sys.platform == "win32":
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)  # noqa: PTH101 - pathlib would be an import more, in the zygote
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            while names := os.listdir(root):  # noqa: PTH208 - of a descriptor
                for name in names:
                    if not _is_removed(name, root):
                        _flatten(name, root)
        finally:
            os.close(root)
        os.rmdir(folder)  # noqa: PTH106


def _is_removed(name: str, folder: int) -> bool:
    """Remove a file; a folder is made accessible instead."""
    try:
        os.unlink(name, dir_fd=folder)
    except (IsADirectoryError, PermissionError):  # the latter for a folder on macOS
        os.chmod(name, 0o700, dir_fd=folder)
        return False
    return True


def _flatten(name: str, root: int) -> None:
    """Remove a folder in `root`, after the folders in it have been moved up to `root`."""
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
    try:
        for entry in os.listdir(inner):  # noqa: PTH208 - of a descriptor
            if not _is_removed(entry, inner):
                os.rename(entry, os.urandom(16).hex(), src_dir_fd=inner, dst_dir_fd=root)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=root)
