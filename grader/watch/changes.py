"""Which Python files are saved in some folders, told by a thread of its own. Runs in: command line.

Events come from the system (`watchfiles`), in the steps of a few milliseconds in which it looks whether more belong to
the same save. Whoever listens should also look by himself now and then: a network drive sends none, and the folders may
be away for a while.
"""

import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

QUICK_STEP_MS = 2
CALM_STEP_MS = 20  # for who has saved nothing for long: each step costs a little of the battery
CALM_AFTER_SECONDS = 600.0
LONGEST_SAVE_MS = 20  # in which further events are taken as part of the same save
LOOK_MS = 1000  # between two looks whether the folders are still the same

_Places = dict[Path, tuple[int, int]]


class Changes:
    """The saves below `folders`, which need not be there yet. To be closed.

    There is something to read in `descriptor` when `take` has news, or when the folders are listened to anew: what was
    saved before that, nobody has told.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._news: set[Path] = set()
        self._lock = threading.Condition()
        self._asked = self._answered = 0  # how often `listen` was called, and up to which call it has been done
        self._is_over = False
        self._wake = threading.Event()
        self.descriptor, self._bell = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._bell, False)
        self._thread = threading.Thread(target=self._listen, name="changes", daemon=True)
        self._thread.start()

    def take(self) -> set[Path]:
        """The Python files that were written, renamed or removed since the last time."""
        with suppress(BlockingIOError):
            os.read(self.descriptor, 1 << 12)
        with self._lock:
            news, self._news = self._news, set()
        return news

    def listen(self) -> None:
        """Listen to the folders that are there now, also to those that have just come: from here on, saves are told."""
        with self._lock:
            self._asked += 1
            self._wake.set()
            self._lock.wait_for(lambda: self._answered == self._asked, 2 * LOOK_MS / 1000)

    def close(self) -> None:
        self._is_over = True
        self._wake.set()
        self._thread.join()
        os.close(self.descriptor)
        os.close(self._bell)

    def _tell(self, paths: set[Path]) -> None:
        with self._lock:
            self._news |= paths
        with suppress(BlockingIOError):  # it rings already
            os.write(self._bell, b"!")

    def _answer(self, asked: int) -> None:
        with self._lock:
            self._answered = asked
            self._lock.notify_all()

    def _listen(self) -> None:
        while not self._is_over:
            asked, places = self._look()
            # gone meanwhile, or more folders than the system watches: there are still the looks
            with suppress(OSError, WatchfilesRustInternalError):
                if places:
                    self._listen_at(asked, places)
                    continue
            self._answer(asked)
            if not self._is_over:
                self._wake.wait(LOOK_MS / 1000)

    def _listen_at(self, asked: int, places: _Places) -> None:
        """Until they are other folders than they were. Raises OSError, WatchfilesRustInternalError."""
        with RustNotify([*map(str, places)], False, False, 0, True, True) as events:
            self._tell(set())
            last, now = time.monotonic(), places
            while now == places and not self._is_over:
                self._answer(asked)
                step = QUICK_STEP_MS if time.monotonic() - last < CALM_AFTER_SECONDS else CALM_STEP_MS
                found = events.watch(LONGEST_SAVE_MS, step, LOOK_MS, self._wake)
                paths = {Path(path) for _, path in found} if isinstance(found, set) else set()
                if not paths.isdisjoint(places):  # one is gone, and who has its name now may even have its number
                    return
                if saved := {path for path in paths if path.suffix == ".py"}:
                    last = time.monotonic()
                    self._tell(saved)
                asked, now = self._look()

    def _look(self) -> tuple[int, _Places]:
        """Up to which call of `listen` this look counts, and the folders that are there.

        With which ones these are: another may have got the name.
        """
        self._wake.clear()
        asked = self._asked
        found: _Places = {}
        for folder in self._folders:
            with suppress(OSError):
                status = folder.stat()
                found[folder] = status.st_dev, status.st_ino
        return asked, found
