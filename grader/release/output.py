"""Put a bundle where students will get it, whole or not at all. Runs in: command line."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from grader.errors import GraderError, WorkspaceError
from grader.release.bundle import Bundle
from grader.workspace import MARKER, release_of

ARCHIVE = ".zip"
_KEPT = ".git"  # of a folder in which there is an earlier release


def write(bundle: Bundle, target: Path, *, force: bool) -> None:
    """Write a ZIP file where the name ends so, else a folder. Raises WorkspaceError.

    What is there stays, but with `force`: then a file is replaced, and a folder that holds an earlier release.
    """
    is_archive = target.suffix.lower() == ARCHIVE
    _refuse(target, is_archive=is_archive, force=force)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_archive:
            beside.write_bytes(bundle.zipped())
            beside.replace(target)
        else:
            lay_out(bundle, beside)
            _swap(beside, target)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        with suppress(OSError):
            beside.unlink()
        raise WorkspaceError(f"{target}: {error.strerror}; the release was not written") from None


def _refuse(target: Path, *, is_archive: bool, force: bool) -> None:
    if is_archive:
        if target.is_dir():
            raise WorkspaceError(f"{target}: is a folder; name a file, or a folder that does not end in {ARCHIVE}")
        if target.exists() and not force:
            raise WorkspaceError(f"{target}: is there already; name another file, or replace it by --force")
        return
    if target.exists() and not target.is_dir():
        raise WorkspaceError(f"{target}: is a file; name a folder, or a file that ends in {ARCHIVE}")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not force:
        raise WorkspaceError(f"{target}: is not empty; name another folder, or replace an earlier release by --force")
    if not _is_release(target):
        raise WorkspaceError(f"{target}: holds something else than a release, which is not replaced; name another")


def _is_release(folder: Path) -> bool:
    try:
        return (folder / MARKER).is_file() and release_of(folder / MARKER) is not None
    except GraderError:
        return False


def lay_out(bundle: Bundle, folder: Path) -> None:
    """Write its files below a folder. Raises OSError."""
    for path, data in bundle.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(0o644)


def _swap(fresh: Path, target: Path) -> None:
    """Put a folder in the place of another one, which may be there; its git repository goes on."""
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_suffix(".old")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    if (old / _KEPT).exists():
        (old / _KEPT).rename(target / _KEPT)
    shutil.rmtree(old)
