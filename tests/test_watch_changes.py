"""What is told of saves, without a terminal."""

import select
import threading
from contextlib import closing
from pathlib import Path

import pytest

from grader.watch.changes import Changes

from .terminal import AT_MOST_SECONDS


def told(changes: Changes, path: Path) -> bool:
    """Whether a save of this file is told in time."""
    news: set[Path] = set()
    while path not in news:
        if not select.select([changes.descriptor], [], [], AT_MOST_SECONDS)[0]:
            return False
        news |= changes.take()
    return True


def test_whoever_listens_hears_what_comes_after(tmp_path: Path) -> None:
    """Folders come, go for others of the same name, and go for good; each time a save after `listen` is told."""
    folders = [tmp_path / "here" / name for name in ("one", "two")]
    with closing(Changes(folders)) as changes:
        changes.listen()  # to nothing
        for number in range(5):
            for folder in folders:
                folder.mkdir(parents=True)
            changes.listen()
            changes.take()
            for folder in folders:
                (folder / "saved.py").write_text(str(number), encoding="utf-8")
                assert told(changes, folder / "saved.py")
            (tmp_path / "here").rename(tmp_path / f"gone {number}")
        changes.listen()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are counted in /proc")
def test_an_end_gives_back_everything() -> None:
    """Its thread and its descriptors, also where there was nothing to listen to."""
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(20):
        Changes([Path("/nowhere/at all")]).close()
    assert len([*Path("/proc/self/fd").iterdir()]) <= before  # those of another test may go meanwhile
    assert not [one for one in threading.enumerate() if one.name == "changes"]
