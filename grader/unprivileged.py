"""Who a learner's process is where the grader is root: a user that owns nothing. Runs in: every trusted process.

Root's process may become any user, but that user has to read Python and the package. Installed below a closed folder or
with umask 077, they are root's alone; the process then keeps root's number, without any of root's rights.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

FIRST = 64_123  # of the numbers that systems leave to nobody; what a learner's process is called inside bubblewrap, too
_MANY = 500
_NEEDED = (6, 7, 21)  # CAP_SETGID, CAP_SETUID, and CAP_SYS_ADMIN for bubblewrap


def user_for(paths: Iterable[Path], *, bound: bool) -> int | None:
    """The number of an unused user and group who may read these paths; None where there is none, or for who isn't root.

    `bound`: the paths get places of their own in the sandbox, so that closed folders above them don't matter.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or not _may_become_another():
        return None
    user = _unused()
    if user is None or not all(is_for_all(path, bound=bound) for path in paths):
        return None
    return user


def is_for_all(path: Path, *, bound: bool) -> bool:
    """Whether others than its owner may read a file, or a folder with all that stands right in it."""
    try:
        above = () if bound else path.resolve().parents
        return all(_has(folder, stat.S_IXOTH) for folder in above) and all(map(_is_readable, _with_entries(path)))
    except OSError:
        return False


def _with_entries(path: Path) -> Iterator[str]:
    yield str(path)
    if path.is_dir():
        with os.scandir(path) as entries:
            yield from (entry.path for entry in entries)


def _is_readable(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - of a thousand and more
    except (FileNotFoundError, NotADirectoryError):
        return True
    needed = stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(mode) else 0)
    return mode & needed == needed


def _has(path: Path, bits: int) -> bool:
    return path.stat().st_mode & bits == bits


def _may_become_another() -> bool:
    """Whether root's rights are not taken from us already, as in a container."""
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    effective = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")), 16)
    return all(effective >> number & 1 for number in _NEEDED)


def _unused() -> int | None:
    """A number that no user and no group has, and that there is in our user namespace."""
    import grp
    import pwd

    for number in range(FIRST, FIRST + _MANY):
        if not all(_is_mapped(number, kind) for kind in ("uid", "gid")):
            return None
        try:
            pwd.getpwuid(number)
        except KeyError:
            try:
                grp.getgrgid(number)
            except KeyError:
                return number
    return None


def _is_mapped(number: int, kind: str) -> bool:
    lines = Path(f"/proc/self/{kind}_map").read_text(encoding="ascii").splitlines()
    ranges = (tuple(map(int, line.split())) for line in lines)
    return any(first <= number < first + count for first, _, count in ranges)
