"""A commit of a clone, read by git's plumbing: nothing is checked out, no hook runs. Runs in: command line.

Whoever made the clone wrote its `.git` too. So git may fetch nothing, run nothing, and look at nothing outside of it,
whatever the settings in there say.
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer

from grader import intake
from grader.classroom.archives import MOST_UNPACKED
from grader.classroom.places import MOST_FILE, MOST_MEMBERS, Closed, Item, clipped, is_junk, moment, shown
from grader.intake import Refusal

_SECONDS = 60
_MOST_LISTED = 4 * 2**20  # bytes of a listing
_MOST_SAID = 10_000  # bytes of an error
_MOST_OBJECTS = 200_000  # files in .git
_REGULAR = ("100644", "100755")
_ELSEWHERE = frozenset({"commondir", "objects/info/alternates", "objects/info/http-alternates"})  # name other folders
_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
    *("-c", "core.pager=cat", "-c", "safe.directory=*", "-c", "core.alternateRefsCommand="),
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ALLOW_PROTOCOL": "none",  # outranks what the clone's own settings allow: a missing object fetches nothing
    "GIT_NO_LAZY_FETCH": "1",  # unknown to older versions of git
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOC_LIMIT": "128m",  # an object of a few bytes can be a change to one of gigabytes, packed into a megabyte
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


class Commit:
    """The last commit of a clone, or the last one up to a moment."""

    def __init__(self, clone: Path, until: datetime | None, wanted: tuple[str, ...]) -> None:
        """`wanted`: ends of the names of files whose bytes are kept. Raises Closed."""
        self._git_folder = clone / ".git"
        self._name = shown(clone.name)
        self._refuse_elsewhere()
        before = (f"--before={until.astimezone(UTC).isoformat()}",) if until is not None else ()
        match self._git("rev-list", "-1", "--timestamp", *before, "HEAD", "--").decode().split():
            case [seconds, commit]:
                self.made_at, self._commit = moment(int(seconds)), commit
            case _:
                said = f"{self._name}: no commit" + (f" up to {until.isoformat()}" if until is not None else "")
                cut = "; older ones were not cloned; fetch them by `git fetch --unshallow`"
                raise Closed(said + cut * (self._git_folder / "shallow").exists())
        self._files = dict(self._listed())  # path -> mode, object, size
        self._objects = self._read({
            name: size
            for path, (mode, name, size) in self._files.items()
            if mode in _REGULAR and path.lower().endswith(wanted) and size <= MOST_FILE
        })  # fmt: skip

    def walk(self, below: str = "") -> Iterator[Item]:
        del below
        for path, (mode, _, _) in self._files.items():
            if not any(map(is_junk, path.split("/"))):
                yield Item(path, "" if mode in _REGULAR else "is a link")

    def find(self, path: str) -> Item:
        return next(item for item in self.walk() if item.path == path)

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        _, name, size = self._files[item.path]
        data = self._objects.get(name)
        if size > most or data is None:
            return Refusal(f"{shown(item.path)} has over {most:,} bytes; that is too much")
        return data

    def time(self, item: Item) -> datetime | None:
        del item
        return self.made_at

    def _refuse_elsewhere(self) -> None:
        """Closed for a clone that would have git look at another folder: a neighbour's work lies there."""
        if self._git_folder.is_symlink() or not self._git_folder.is_dir():
            raise Closed(f"{self._name}: .git is not a folder; clone it again, without worktrees")
        count = 0
        folders = [self._git_folder]
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    count += 1
                    path = Path(entry.path).relative_to(self._git_folder).as_posix()
                    if count > _MOST_OBJECTS:
                        raise Closed(f"{self._name}: .git holds more than {_MOST_OBJECTS:,} files; clone it again")
                    mode = entry.stat(follow_symlinks=False).st_mode
                    if path in _ELSEWHERE or (path != "hooks" and _is_odd(mode) and not path.startswith("hooks/")):
                        raise Closed(f"{self._name}: .git/{shown(path)} leads out of the clone; clone it again")
                    if stat.S_ISDIR(mode):
                        folders.append(Path(entry.path))

    def _listed(self) -> Iterator[tuple[str, tuple[str, str, int]]]:
        """Path -> mode, object, size."""
        lines = self._git("ls-tree", "-r", "-l", "-z", "--full-tree", self._commit).split(b"\0")
        if len(lines) > MOST_MEMBERS:
            raise Closed(f"{self._name} holds more than {MOST_MEMBERS:,} files")
        for line in lines:
            head, _, path = line.partition(b"\t")
            if path:
                mode, _, name, size = head.decode().split()
                yield os.fsdecode(path), (mode, name, int(size) if size.isdigit() else 0)

    def _read(self, sizes: dict[str, int]) -> dict[str, bytes]:
        """The bytes of objects, by name; `sizes` are what they should have."""
        total = sum(sizes.values())
        if total > MOST_UNPACKED:
            raise Closed(f"{self._name} holds more than {MOST_UNPACKED // 2**20} MB; hand in only what was asked for")
        asked = "".join(f"{name}\n" for name in sizes).encode()
        answer = self._git("cat-file", "--batch", asked=asked, most=total + 200 * len(sizes)) if sizes else b""
        found: dict[str, bytes] = {}
        start = 0
        for name, size in sizes.items():  # "<name> blob <size>\n<bytes>\n"
            head, _, _ = answer[start : start + 200].partition(b"\n")
            if head != b"%s blob %d" % (name.encode(), size):
                raise Closed(f"{self._name}: git can't read it: {clipped(ValueError(head.decode('ascii', 'replace')))}")
            start += len(head) + 1
            found[name] = answer[start : start + size]
            start += size + 1
        return found

    def _git(self, *arguments: str, asked: bytes = b"", most: int = _MOST_LISTED) -> bytes:
        """What git says on its output, at most so many bytes. Raises Closed."""
        git = shutil.which("git")
        if git is None:
            raise Closed("git is not installed, which reads commits; install it, or leave --at-due out")
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = [git, *_SETTINGS, f"--git-dir={self._git_folder}", *arguments]
        with TemporaryFile() as names, TemporaryFile() as errors:  # pipes would fill up while git's answer waits in one
            names.write(asked)
            names.seek(0)
            with subprocess.Popen(
                command, env=own | _ENVIRONMENT, stdin=names, stdout=subprocess.PIPE, stderr=errors
            ) as process:
                assert process.stdout is not None
                end = Timer(_SECONDS, process.kill)
                end.start()
                try:
                    answer = process.stdout.read(most + 1)
                    if len(answer) > most:
                        raise Closed(f"{self._name}: too much in it; hand in only what was asked for")
                    process.wait()
                except BaseException:
                    process.kill()
                    raise
                finally:
                    end.cancel()
            errors.seek(0)
            said = errors.read(_MOST_SAID)
        if process.returncode != 0:
            why = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it ended, or took too long"]
            raise Closed(f"{self._name}: git can't read it: {clipped(Exception(why[0]))}")
        return answer


def _is_odd(mode: int) -> bool:
    """Neither a file nor a folder, nor the socket that git's own watcher leaves."""
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISSOCK(mode))


def last_commit(clone: Path) -> datetime | None:
    """When a clone's last commit was made, as its maker's clock had it; nothing where that can't be read."""
    try:
        return Commit(clone, None, ()).made_at
    except (Closed, OSError):
        return None
