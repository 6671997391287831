"""A commit of a clone, read by git's plumbing: nothing is checked out, no hook runs. Runs in: command line."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from grader import intake
from grader.classroom.places import JUNK, MOST_MEMBERS, Closed, Item, clipped, shown
from grader.intake import Refusal

_SECONDS = 60
_MOST_LISTED = 8 * 2**20  # bytes of a listing
_REGULAR = ("100644", "100755")
_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
    *("-c", "core.pager=cat", "-c", "safe.directory=*", "-c", "core.alternateRefsCommand="),
)


class Commit:
    """The last commit of a clone, or the last one up to a moment."""

    def __init__(self, clone: Path, until: datetime | None) -> None:
        """Raises Closed."""
        self._git_folder = clone / ".git"
        self._name = shown(clone.name)
        if self._git_folder.is_symlink() or not self._git_folder.is_dir():
            raise Closed(f"{self._name}: .git is not a folder; clone it again, without worktrees")
        before = (f"--before={until.astimezone(UTC).isoformat()}",) if until is not None else ()
        match self._git("rev-list", "-1", "--timestamp", *before, "HEAD", "--").decode().split():
            case [seconds, commit]:
                self._time, self._commit = datetime.fromtimestamp(int(seconds), UTC), commit
            case _:
                raise Closed(f"{self._name}: no commit" + (f" up to {until.isoformat()}" if until is not None else ""))
        self._blobs: dict[str, tuple[str, str]] = {}  # path -> mode, object
        listed = self._git("ls-tree", "-r", "-z", "--full-tree", self._commit).split(b"\0")
        for line in listed[: MOST_MEMBERS + 1]:
            head, _, path = line.partition(b"\t")
            if path:
                mode, _, name = head.decode().split()
                self._blobs[os.fsdecode(path)] = mode, name
        if len(listed) > MOST_MEMBERS:
            raise Closed(f"{self._name} holds more than {MOST_MEMBERS:,} files")

    @property
    def shown(self) -> str:
        """The commit as a person names it."""
        return f"commit {self._commit[:10]} of {self._time:%Y-%m-%d %H:%M} UTC"

    def walk(self, below: str = "") -> Iterator[Item]:
        del below
        for path, (mode, _) in self._blobs.items():
            if not any(part in JUNK for part in path.split("/")):
                yield Item(path, "" if mode in _REGULAR else "is a link")

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        name = self._blobs[item.path][1]
        if int(self._git("cat-file", "-s", name)) > most:
            return Refusal(f"{shown(item.path)} has over {most:,} bytes; that is too much")
        return self._git("cat-file", "blob", name)

    def time(self, item: Item) -> datetime | None:
        del item
        return self._time

    def _git(self, *arguments: str) -> bytes:
        git = shutil.which("git")
        if git is None:
            raise Closed("git is not installed, which reads commits; install it, or leave --at-due out")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
        }
        command = [git, *_SETTINGS, f"--git-dir={self._git_folder}", *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, env=environment, timeout=_SECONDS, check=True, stdin=subprocess.DEVNULL
            )
        except subprocess.CalledProcessError as error:
            why = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
            raise Closed(f"{self._name}: git can't read it: {clipped(Exception(why[0]))}") from None
        except (subprocess.TimeoutExpired, OSError) as error:
            raise Closed(f"{self._name}: git can't read it: {clipped(error)}") from None
        if len(done.stdout) > _MOST_LISTED:
            raise Closed(f"{self._name}: too much in it")
        return done.stdout
