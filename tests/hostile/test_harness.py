"""The harness sees what it looks for: each of its eyes is shown what it must not miss."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.result import SandboxLevel

from . import ground as grounds
from . import harness, watched
from .attack import FOLDER, Attack, attacks
from .large import LARGE

if sys.platform != "linux":
    pytest.skip("the harness needs Linux", allow_module_level=True)

LOUD = """\
print("PWNED:loud:through")
print("LEAK:loud:what")
open("HOSTILE-in-scratch", "w").close()


def sigmoid(x):
    print("CANARY-seen_by_all")
    return x
"""
LEAVES_ONE_BEHIND = """\
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
"""
TAKES_MEMORY = "import time\nkept = bytearray(b'x' * 150_000_000)\ntime.sleep(0.5)\n"


@pytest.fixture
def ground(tmp_path: Path) -> grounds.Ground:
    """One loud submission among its neighbours."""
    loud = Attack("loud", "loud", frozenset({"fail:wrong"}), "", lambda path: path.write_text(LOUD, encoding="utf-8"))
    return grounds.lay_out(tmp_path / "ground", (loud,))


def watch(tmp_path: Path, source: str, seconds: float = 60.0) -> dict[str, object]:
    """What the watcher saw of a Python program."""
    result = tmp_path / "seen.json"
    command = [sys.executable, watched.__file__, str(result), str(seconds), sys.executable, "-c", source]
    subprocess.run(command, check=True, timeout=120)
    seen: dict[str, object] = json.loads(result.read_text(encoding="utf-8"))
    return seen


def test_what_a_submission_prints_is_seen(ground: grounds.Ground) -> None:
    """A line that announces a breach is found in the result, and a token in every form of the report."""
    level = SandboxLevel.LANDLOCK
    if doubt := harness.doubt(level):
        pytest.skip(doubt)
    seen = harness.grade(ground, level, "loud", ["loud"])
    result = seen.exercise("loud")
    assert harness.breaches(result) == ["PWNED:loud:through"]
    assert harness.verdicts(result) == {"fail:wrong"}
    assert harness.credit(result) == []
    assert "LEAK:loud:what" in str(harness.leaks(str(result)))
    assert [kind for kind, text in seen.texts.items() if "CANARY-seen_by_all" not in harness.leaks(text)] == []
    assert harness.litter(ground) == []


def test_files_that_change_appear_or_go_are_seen(ground: grounds.Ground) -> None:
    """A byte more, other permissions, another time, a new file and a missing one."""
    before = grounds.picture(ground)
    assert harness.changes(before, ground) == []
    (ground.root / "CANARY_FILE").write_text("changed", encoding="utf-8")
    (ground.home / ".bashrc").chmod(0o600)
    (ground.home / ".ssh" / "id_test").touch()
    (ground.package / "CANARY_FILE").unlink()
    (ground.workspace / "conftest.py").touch()
    assert harness.changes(before, ground) == [
        "CANARY_FILE",
        "class/conftest.py",
        "home/.bashrc",
        "home/.ssh/id_test",
        "package/grader/CANARY_FILE",
    ]


def test_scratch_folders_that_stay_are_seen_and_cleared(ground: grounds.Ground) -> None:
    """Whatever lies in the folder for temporary files is litter."""
    (ground.temporary / "neurograde-left" / "deep").mkdir(parents=True)
    assert harness.litter(ground) == [str(ground.temporary / "neurograde-left")]
    harness.clear(ground)
    assert harness.litter(ground) == []


def test_a_process_that_hides_is_seen(tmp_path: Path) -> None:
    """Neither a session of its own nor the end of its parent takes a process out of sight."""
    seen = watch(tmp_path, LEAVES_ONE_BEHIND)
    assert seen["exit_code"] == 0
    assert len(seen["survivors"]) == 1  # type: ignore[arg-type]  # a list


def test_memory_and_time_are_seen(tmp_path: Path) -> None:
    """The most memory that a program had, and that it took too long."""
    seen = watch(tmp_path, TAKES_MEMORY)
    assert 150 < float(str(seen["peak_mb"])) < 450
    assert watch(tmp_path, "import time; time.sleep(60)", seconds=0.2)["exit_code"] == -9


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("screen", "a\x1b[2Jb"),
        ("screen", "\u202e"),
        ("screen", "passed\n::error::stop"),
        ("json", '"\x00"'),
        ("html", "<script>"),
        ("html", "<p onclick='x'>"),
        ("html", "<a href='javascript:x'>"),
    ],
)
def test_what_is_not_escaped_is_seen(kind: str, text: str) -> None:
    """Commands to a terminal, a browser or a build service."""
    harmless = {"screen": "\x1b[31mred\x1b[0m", "json": "{}", "html": "<p><a href='#top'>x</a></p>", "junit": "<x/>"}
    assert list(harness.unescaped(harmless)) == []
    assert list(harness.unescaped(harmless | {kind: text})) != []


def test_every_file_is_an_attack_with_a_header() -> None:
    """Names are unique; the long ones are as long as they say."""
    names = [attack.name for attack in attacks()]
    assert len(names) == len(set(names))
    assert {path.stem for path in FOLDER.glob("*.py")} < set(names)
    assert {name: len(write()) for name, write in LARGE.items()} == {
        "src_deep_parens": 60_566,
        "src_long_elif": 340_266,
        "src_huge_source": 3_000_272,
    }
