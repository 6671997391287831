"""Git clones that somebody made to get at more than their own work: read by plumbing, and nothing else happens."""

import hashlib
import os
import shutil
import struct
import subprocess
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.assignment import Assignment, whole_course
from grader.classroom import intake
from grader.classroom.clones import Commit, last_commit
from grader.classroom.model import HandedIn
from grader.classroom.places import MOST_FILE, Closed
from grader.course import read_course
from grader.intake import Refusal, Submission

from . import small_course

MADE = datetime(2026, 11, 1, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 2, tzinfo=UTC)
_ENVIRONMENT = os.environ | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_DATE": MADE.isoformat(),
    "GIT_COMMITTER_DATE": MADE.isoformat(),
}


def git(clone: Path, *arguments: str, asked: str = "") -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    done = subprocess.run(command, cwd=clone, check=True, capture_output=True, env=_ENVIRONMENT, input=asked, text=True)
    return done.stdout.strip()


def committed(clone: Path, files: dict[str, str]) -> Path:
    clone.mkdir(parents=True)
    git(clone, "init", "-q", "-b", "main")
    for name, text in files.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text(text)
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "work")
    return clone


def texts(clone: Path) -> dict[str, bytes | Refusal]:
    commit = Commit(clone, DUE, (".py",))
    return {item.path: commit.read(item) for item in commit.walk()}


@pytest.fixture
def bob(tmp_path: Path) -> Path:
    return committed(tmp_path / "bob", {"scaling.py": "bob's own work"})


@pytest.fixture
def eve(tmp_path: Path) -> Path:
    return committed(tmp_path / "eve", {"scaling.py": "eve's own work"})


def test_a_clone_is_read(eve: Path) -> None:
    assert texts(eve) == {"scaling.py": b"eve's own work"}


@pytest.mark.parametrize("seconds", [99_999_999_999_999, 2**63 - 1, 253_402_300_799])
def test_a_time_that_no_calendar_has_is_none(eve: Path, seconds: int) -> None:
    """Also of the last day that Python knows: in another zone it is in the year 10000."""
    who = f"eve <a@b> {seconds} +0000"
    text = f"tree {git(eve, 'write-tree')}\nauthor {who}\ncommitter {who}\n\nwork\n"
    made = git(eve, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", asked=text)
    (eve / ".git/refs/heads/main").write_text(f"{made}\n")
    assert last_commit(eve) is None


@pytest.mark.parametrize("way", ["commondir", "alternates", "linked refs", "linked objects", "HEAD", "linked HEAD"])
def test_nobody_hands_in_a_neighbours_work(bob: Path, eve: Path, way: str) -> None:
    """Not by git's own means to name another folder, and not by links."""
    own, other = eve / ".git", bob / ".git"
    commit = git(bob, "rev-parse", "HEAD")
    match way:
        case "commondir":
            (own / "commondir").write_text("../../bob/.git\n")
        case "alternates":
            (own / "objects/info/alternates").write_text(f"{other}/objects\n")
            (own / "refs/heads/main").write_text(commit)
        case "HEAD":
            (own / "HEAD").write_text("ref: refs/../../../bob/.git/refs/heads/main\n")
        case "linked HEAD":
            (own / "HEAD").unlink()
            (own / "HEAD").symlink_to(other / "HEAD")
        case _:
            for name in ("refs", "objects") if way == "linked refs" else ("objects",):
                shutil.rmtree(own / name)
                (own / name).symlink_to(other / name)
            (own / "refs/heads/main").write_text(commit)
    with pytest.raises(Closed):
        texts(eve)


def test_a_missing_object_is_not_fetched(eve: Path, tmp_path: Path) -> None:
    """Though the clone's own settings name a remote that has it, a program as its transport, and allow that."""
    blob = git(eve, "rev-parse", "HEAD:scaling.py")
    (eve / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with (eve / ".git/config").open("a") as config:
        config.write(
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = evil\n"
            f'[remote "evil"]\n\turl = "ext::sh -c touch% {tmp_path}/ran"\n\tpromisor = true\n'
            '[protocol "ext"]\n\tallow = always\n[protocol]\n\tallow = always\n'
        )
    with pytest.raises(Closed):
        texts(eve)
    assert not (tmp_path / "ran").exists()


def test_settings_that_name_programs_run_none(eve: Path, tmp_path: Path) -> None:
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "filter.x.smudge",
        "diff.x.textconv",
    ):
        git(eve, "config", name, f"touch {tmp_path}/ran")
    (eve / ".git/info").mkdir(exist_ok=True)
    (eve / ".git/info/attributes").write_text("* filter=x diff=x\n")
    assert texts(eve) == {"scaling.py": b"eve's own work"}
    assert not (tmp_path / "ran").exists()


def test_a_tree_that_grows_without_end_is_not_listed(tmp_path: Path) -> None:
    """Ten folders that are the same folder, nine deep: 10^9 files of one."""
    clone = tmp_path / "eve"
    clone.mkdir()
    git(clone, "init", "-q", "-b", "main")
    tree = git(
        clone, "mktree", asked=f"100644 blob {git(clone, 'hash-object', '-w', '--stdin', asked='x')}\tscaling.py\n"
    )
    for _ in range(9):
        tree = git(clone, "mktree", asked="".join(f"040000 tree {tree}\td{number}\n" for number in range(10)))
    git(clone, "update-ref", "refs/heads/main", git(clone, "commit-tree", tree, "-m", "x"))
    with pytest.raises(Closed, match="too much in it"):
        texts(clone)


def test_a_small_file_that_is_a_change_to_a_huge_one_is_not_unpacked(tmp_path: Path) -> None:
    """Git would have all of the huge one in memory, which a pack of a megabyte can make gigabytes."""
    clone = committed(tmp_path / "eve", {"scaling.py": "x"})
    size = 150 * 2**20
    base = _packed(3, size, bytes(size))
    delta = _seven_bits(size) + b"\1\1x"  # from so many bytes to one, which is new
    change = _packed(7, len(delta), delta, lead=hashlib.sha1(b"blob %d\0" % size + bytes(size)).digest())
    pack = b"PACK" + struct.pack(">II", 2, 2) + base + change
    (clone / ".git/objects" / (blob := git(clone, "rev-parse", "HEAD:scaling.py"))[:2] / blob[2:]).unlink()
    made = clone / ".git/objects/pack/pack-eve.pack"
    made.write_bytes(pack + hashlib.sha1(pack).digest())
    git(clone, "index-pack", str(made))
    assert git(clone, "cat-file", "-p", blob) == "x"
    with pytest.raises(Closed, match="git can't read it"):
        texts(clone)


def _packed(kind: int, size: int, data: bytes, *, lead: bytes = b"") -> bytes:
    """An object in a pack: kind and size in a head of its own, then its bytes."""
    first, more = kind << 4 | size & 15, size >> 4
    return (bytes([first | 128]) + _seven_bits(more) if more else bytes([first])) + lead + zlib.compress(data)


def _seven_bits(number: int) -> bytes:
    """A number as packs have it, its lowest bits first."""
    return bytes([number & 127 | 128]) + _seven_bits(number >> 7) if number > 127 else bytes([number])


def test_a_thousand_damaged_objects_cost_no_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git complains of each of them, which is more than a pipe holds."""
    clone = committed(tmp_path / "mal", {f"{number}.txt": f"{number}" for number in range(1000)})
    for line in git(clone, "ls-tree", "-r", "HEAD").splitlines():
        name = line.split()[2]
        damaged = clone / ".git" / "objects" / name[:2] / name[2:]
        damaged.unlink()
        damaged.touch()
    monkeypatch.setattr("grader.classroom.clones._SECONDS", 3)
    assert last_commit(clone) is not None


def test_files_that_are_too_large_are_refused_and_cost_no_other(tmp_path: Path) -> None:
    """Sizes come from the listing; a link in a commit is none of the files."""
    clone = committed(tmp_path / "eve", {"a.py": "1", "large.py": "#" * 1_000_001, "huge.py": "#" * (MOST_FILE + 1)})
    (clone / "link.py").symlink_to("/etc/passwd")
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "more")
    commit = Commit(clone, DUE, (".py",))
    found = {item.path: item.problem or commit.read(item) for item in commit.walk()}
    assert found["a.py"] == b"1"
    assert isinstance(found["large.py"], Refusal)
    assert isinstance(found["huge.py"], Refusal)
    assert found["link.py"] == "is a link"


def test_names_in_a_commit_may_be_anything(tmp_path: Path) -> None:
    """Tabs, newlines, bytes that are no UTF-8."""
    names = ["a\tb.py", "a\nb.py", " .py", os.fsdecode(b"\xff.py"), "é/ü.py"]
    clone = committed(tmp_path / "eve", dict.fromkeys(names, "x"))
    assert texts(clone) == dict.fromkeys(names, b"x")


@pytest.mark.parametrize(
    "files", [{}, {".git": "gitdir: ../bob/.git"}, {".git/HEAD": "x"}], ids=["none", "file", "rubbish"]
)
def test_what_is_no_clone_is_closed(tmp_path: Path, files: dict[str, str]) -> None:
    clone = tmp_path / "eve"
    clone.mkdir()
    for name, text in files.items():
        (clone / name).parent.mkdir(exist_ok=True)
        (clone / name).write_text(text)
    with pytest.raises(Closed):
        texts(clone)
    assert last_commit(clone) is None


def test_a_hook_that_is_a_link_does_no_harm(eve: Path) -> None:
    """Tools for hooks make such; none runs."""
    (eve / ".git/hooks").mkdir(exist_ok=True)
    (eve / ".git/hooks/pre-commit").symlink_to("/bin/true")
    assert texts(eve) == {"scaling.py": b"eve's own work"}


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return whole_course(read_course(small_course.write_course(tmp_path / "course", "scaling", "moving")))


def test_a_working_tree_is_as_old_as_its_last_commit(eve: Path, assignment: Assignment, tmp_path: Path) -> None:
    """Its files have the time when they were cloned, which may be after the work was due."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    eve.rename(folder / "eve")

    def handed() -> HandedIn:
        (origin,) = intake.discover(folder, assignment, None).origins
        return intake.take(origin, assignment)

    first = handed()
    assert isinstance(first.files["scaling"], Submission)
    assert first.handed_at == MADE
    shutil.rmtree(folder / "eve" / ".git" / "objects")
    assert handed().handed_at is None


def test_a_clone_within_a_folder_is_told(assignment: Assignment, tmp_path: Path) -> None:
    """Nobody may believe that its commits were looked at."""
    committed(tmp_path / "class" / "eve" / "hw3", {"scaling.py": "eve's own work"})
    (tmp_path / "class" / "bob").mkdir()
    (tmp_path / "class" / "bob" / "scaling.py").write_text("bob's own work")
    found = intake.discover(tmp_path / "class", assignment, None)
    remarks = {origin.name: intake.take(origin, assignment).remarks for origin in found.origins}
    assert [remark for remark in remarks["eve"] if remark.startswith("hw3 is a git clone: its files count as they are")]
    assert not [remark for remark in remarks["bob"] if "clone" in remark]


@pytest.mark.parametrize("seconds", [99_999_999_999_999, 253_402_300_799])
def test_a_commit_of_no_time_is_of_unknown_time(
    eve: Path, assignment: Assignment, tmp_path: Path, seconds: int
) -> None:
    """Of the year 3,170,843, or of one that not every clock can show; whoever made the clone wrote that too."""
    tree = git(eve, "rev-parse", "HEAD^{tree}")
    odd = f"tree {tree}\nauthor a <a@b> {seconds} +0000\ncommitter a <a@b> {seconds} +0000\n\nwork\n"
    git(eve, "update-ref", "HEAD", git(eve, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", asked=odd))
    folder = tmp_path / "submissions"
    folder.mkdir()
    eve.rename(folder / "eve")
    (origin,) = intake.discover(folder, assignment, None).origins
    handed = intake.take(origin, assignment)
    assert isinstance(handed.files["scaling"], Submission)
    assert handed.handed_at is None


def test_a_clone_without_its_past_is_told(eve: Path, tmp_path: Path) -> None:
    """What was there before the work was due may be in the part that was not cloned."""
    git(eve, "commit", "-q", "--allow-empty", "-m", "again")
    git(tmp_path, "clone", "-q", "--depth", "1", eve.as_uri(), "shallow")
    assert Commit(tmp_path / "shallow", DUE, ()).made_at == MADE
    with pytest.raises(Closed, match="older ones were not cloned; fetch them"):
        Commit(tmp_path / "shallow", MADE - timedelta(days=1), ())
