"""Open a SQLite file that is either whole or not there: atomic creation, migrations, damaged files set aside.

Runs in: command line.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from grader.errors import WorkspaceError
from grader.language import N_, _

BUSY_SECONDS = 10.0
COMPANIONS = ("-wal", "-shm", "-journal")  # files that SQLite keeps beside a database, and replays into it
MAGIC = b"SQLite format 3\0"
UNFINISHED = ".unfinished-"

Migration = Sequence[str]  # statements; append a migration, never change one that was released

_REMEDIES = {
    "SQLITE_FULL": N_("free some space on this disk"),
    "SQLITE_READONLY": N_("make the file and its folder writable"),
    "SQLITE_CANTOPEN": N_("make the file and its folder writable"),
    "SQLITE_PERM": N_("make the file and its folder writable"),
    "SQLITE_BUSY": N_("another `grade` is using it; try again when that has ended"),
    "SQLITE_CORRUPT": N_("move the file away, then a fresh one is started"),
    "SQLITE_NOTADB": N_("move the file away, then a fresh one is started"),
    "SQLITE_IOERR": N_("check the disk, and that the folder is still there"),
}
_DAMAGE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_DAMAGE_AT_CHECK = (*_DAMAGE, "SQLITE_ERROR", "")  # an unknown format; names that are no text


class _UnusableError(Exception):
    """The file cannot be used as it is: `kind` is "damaged" or "newer"."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into a WorkspaceError with path and remedy."""
    try:
        yield
    except sqlite3.Error as error:
        remedy = _REMEDIES.get(_primary_code(error), "move the file away, then a fresh one is started")
        raise WorkspaceError(f"{path}: {error}; {_(remedy)}") from error
    except OSError as error:
        remedy = _("make the file and its folder writable")
        raise WorkspaceError(f"{path}: {error.strerror}; {remedy}") from error


def _primary_code(error: sqlite3.Error) -> str:
    """SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    return "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])


def open_database(
    path: Path, migrations: Sequence[Migration], clock: Callable[[], datetime]
) -> tuple[sqlite3.Connection, list[str]]:
    """A connection in autocommit mode to the database at `path`, made if need be, and what a person should know.

    Its folder is made too, but none above that: a workspace that has been moved away must not come up again.

    A damaged file, or one of a newer version, is kept under another name, and a fresh one is started.
    Raises WorkspaceError.
    """
    with told(path):
        path.parent.mkdir(exist_ok=True)
        with suppress(_UnusableError, FileNotFoundError):
            return _connect(path, migrations), []
        with _locked(path):
            messages = list(_cleared(path, migrations, clock))
            if not path.exists():
                _create(path, migrations)
        try:
            return _connect(path, migrations), messages
        except (_UnusableError, FileNotFoundError) as error:  # damaged anew within a moment: the disk, not chance
            raise WorkspaceError(_("{file}: {reason}; check the disk").format(file=path, reason=error)) from error


def _connect(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    """Open, check and migrate an existing file. Raises _UnusableError, FileNotFoundError, sqlite3.Error."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # to open a pipe would wait for ever
        raise _UnusableError("damaged", _("not a database"))
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:  # looked at before SQLite does, which would delete its log
            raise _UnusableError("damaged", _("not a database"))
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        with _damage_found(_DAMAGE_AT_CHECK):
            # FULL: what was reported as recorded survives a power cut, too. NORMAL would save one fsync per run.
            connection.execute("PRAGMA synchronous = FULL")
            _check(connection, migrations)
        with _damage_found(_DAMAGE):
            _migrate(connection, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _damage_found(codes: Sequence[str]) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if _primary_code(error) in codes:
            raise _UnusableError("damaged", str(error)) from error
        raise


def _check(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    version = _version(connection)
    if version > len(migrations):
        said = _("version {version}, and this neurograde knows {known}")
        raise _UnusableError("newer", said.format(version=version, known=len(migrations)))
    if version < 1:
        raise _UnusableError("damaged", _("not made by neurograde"))
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise _UnusableError("damaged", str(found).splitlines()[-1])
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        _migrate(model, migrations[:version])
        if not _columns(model) <= _columns(connection):
            raise _UnusableError("damaged", _("tables or columns are missing"))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    sql = "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'"
    return set(connection.execute(sql))


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Apply what is missing, each migration in a transaction of its own with its version number."""
    for number, statements in enumerate(migrations, start=1):
        if _version(connection) >= number:
            continue
        with transaction(connection):
            if _version(connection) >= number:  # another process was faster
                continue
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Takes the write lock at once, so that waiting for another process happens here."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time makes or replaces the file. SQLite's own lock: portable, and gone with its process."""
    lock = path.with_suffix(".lock")
    with ExitStack() as stack:
        with told(lock):
            connection = sqlite3.connect(lock, timeout=BUSY_SECONDS, isolation_level=None)
            stack.callback(connection.close)
            connection.execute("BEGIN EXCLUSIVE")
        yield


def _cleared(path: Path, migrations: Sequence[Migration], clock: Callable[[], datetime]) -> Iterator[str]:
    """Set an unusable file aside, under the lock; another process may have done so meanwhile."""
    try:
        _connect(path, migrations).close()
    except _UnusableError as error:
        kept = _set_aside(path, error.kind, clock())
        said = _("{file}: damaged ({reason}); kept as {kept}, and a fresh one was started")
        if error.kind == "newer":
            said = _("{file}: newer ({reason}); kept as {kept}, and a fresh one was started")
        yield said.format(file=path, reason=error, kept=kept.name)
    except FileNotFoundError:
        if any(_beside(path, tail).exists() for tail in COMPANIONS):  # would be replayed into the new file
            kept = _set_aside(path, "damaged", clock())
            said = _("{file}: missing, though what SQLite keeps beside it is there; kept as {kept}")
            yield said.format(file=path, kept=f"{kept.name}-…")


def _set_aside(path: Path, kind: str, now: datetime) -> Path:
    """Rename the file and its companions, never over another file; the companions first, see COMPANIONS."""
    stem = f"{path.stem}.{kind}-{now:%Y%m%d-%H%M%S}"
    names = (path.with_name(f"{stem}{tail}{path.suffix}") for tail in ("", *(f"-{n}" for n in range(2, 1000))))
    tails = (*COMPANIONS, "")
    kept = next(name for name in names if not any(_beside(name, tail).exists() for tail in tails))
    for tail in tails:
        with suppress(FileNotFoundError):
            _beside(path, tail).rename(_beside(kept, tail))
    return kept


def _beside(path: Path, tail: str) -> Path:
    return path.with_name(f"{path.name}{tail}")


def _create(path: Path, migrations: Sequence[Migration]) -> None:
    """Build the file under another name, with its tables, and put it in place whole. Only under the lock."""
    for left in path.parent.glob(f"{path.stem}{UNFINISHED}*"):  # by a process that was killed
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{path.stem}{UNFINISHED}", dir=path.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # readers and a writer don't wait for each other
            _migrate(connection, migrations)
        _put(unfinished, path)
    finally:
        for tail in (*COMPANIONS, ""):
            _beside(unfinished, tail).unlink(missing_ok=True)


def _put(unfinished: Path, path: Path) -> None:
    """Give the file its name, never over another file."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links; the lock keeps others away
        unfinished.rename(path)
    if os.name == "posix":  # the name, too, survives a power cut
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
