"""What a class hands in, in every form that an LMS, an archive program or a student gives it."""

import io
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment import Assignment, whole_course
from grader.classroom import archives, intake
from grader.classroom.archives import archive
from grader.classroom.model import HandedIn
from grader.classroom.notebook import read_notebook
from grader.classroom.places import Closed
from grader.classroom.roster import Roster, read_roster
from grader.course import read_course
from grader.errors import WorkspaceError
from grader.intake import MAX_SOURCE, Refusal, Submission

from . import small_course

RIGHT = small_course.REFERENCE.encode()


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    root: Path = tmp_path_factory.mktemp("course")
    return whole_course(read_course(small_course.write_course(root, "scaling", "moving")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


def put(folder: Path, files: Mapping[str, bytes | str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return file.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w", seconds: int = 0) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as made:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), seconds
            made.addfile(info, io.BytesIO(content))
    return file.getvalue()


def taken(folder: Path, assignment: Assignment, roster: Roster | None = None) -> dict[str, HandedIn]:
    found = intake.discover(folder, assignment, roster)
    return {origin.student.id: intake.take(origin, assignment) for origin in found.origins}


def source(handed: HandedIn, exercise: str = "scaling") -> bytes:
    submission = handed.files[exercise]
    assert isinstance(submission, Submission), submission
    return submission.sources[submission.module]


def refusal(handed: HandedIn, exercise: str = "scaling") -> str:
    refused = handed.files[exercise]
    assert isinstance(refused, Refusal)
    return refused.message


# Layouts


@pytest.mark.parametrize("place", ["", "01_first/scaling/", "hw/", "a/b/c/"])
@pytest.mark.parametrize("form", ["folder", "zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tgz"])
def test_a_folder_or_an_archive_per_student(folder: Path, assignment: Assignment, form: str, place: str) -> None:
    """Wherever in it the file lies; the student is called as the entry is, without the archive's ending."""
    files = {f"{place}scaling.py": RIGHT, "__MACOSX/scaling.py": b"junk", "notes.txt": b"x"}
    match form:
        case "folder":
            put(folder / "ada", files)
        case "zip":
            (folder / "ada.zip").write_bytes(zipped(files))
        case _:
            mode = {"tar": "w", "tgz": "w:gz"}.get(form, f"w:{form.removeprefix('tar.')}")
            (folder / f"ada.{form}").write_bytes(tarred(files, mode))
    handed = taken(folder, assignment)
    assert list(handed) == ["ada"]
    assert source(handed["ada"]) == RIGHT
    assert refusal(handed["ada"], "moving") == "moving.py was not handed in"
    assert handed["ada"].remarks == ("moving.py was not handed in",)


def test_a_bulk_download_of_canvas(folder: Path, assignment: Assignment) -> None:
    """Several files of one student, marks for late work, and the number that Canvas adds to a second hand-in."""
    put(
        folder,
        {
            "lovelaceada_17_4711_scaling-2.py": RIGHT,
            "lovelaceada_17_4712_moving.py": b"pass",
            "boolegeorge_LATE_18_4713_hw.zip": zipped({"scaling.py": RIGHT}),
        },
    )
    found = intake.discover(folder, assignment, None)
    ada, george = (intake.take(origin, assignment) for origin in found.origins)
    assert (ada.student.id, ada.student.name, source(ada), source(ada, "moving")) == (
        "17",
        "lovelaceada",
        RIGHT,
        b"pass",
    )
    assert (george.student.id, source(george)) == ("18", RIGHT)
    assert "Canvas marks it as late" in george.remarks
    assert found.remarks == ("read as Canvas's bulk download",)


@pytest.mark.parametrize("bulk", [False, True])
def test_a_bulk_download_of_moodle(folder: Path, assignment: Assignment, bulk: bool) -> None:
    """Folders or flat names, unpacked or as the one archive that Moodle gives."""
    files = {
        "Ada Lovelace_1234567_assignsubmission_file_/scaling.py": RIGHT,
        "George Boole_1234568_assignsubmission_file_scaling.py": RIGHT,
        "Alan Turing_1234569_assignsubmission_file_/hw.zip": zipped({"scaling.py": RIGHT}),
    }
    if bulk:
        folder = folder / "all.zip"
        folder.write_bytes(zipped(files))
    else:
        put(folder, files)
    handed = taken(folder, assignment)
    assert {key: one.student.name for key, one in handed.items()} == {
        "1234567": "Ada Lovelace",
        "1234568": "George Boole",
        "1234569": "Alan Turing",
    }
    assert all(source(one) == RIGHT for one in handed.values())


@pytest.mark.parametrize("bulk", [False, True])
def test_a_folder_around_a_bulk_download_is_nobody(folder: Path, assignment: Assignment, bulk: bool) -> None:
    inside = {
        "Anna Blau_11_assignsubmission_file/scaling.py": RIGHT,
        "Ben Rot_12_assignsubmission_file/scaling.py": RIGHT,
    }
    files = {f"Homework 3/{name}": text for name, text in inside.items()}
    put(folder, {"bulk.zip": zipped(files), "__MACOSX/Homework 3/._x": b""} if bulk else files)
    found = intake.discover(folder / "bulk.zip" if bulk else folder, assignment, None)
    assert [origin.student.name for origin in found.origins] == ["Anna Blau", "Ben Rot"]
    assert found.remarks == ("read as Moodle's bulk download", "all lies in the folder Homework 3")
    assert all(source(intake.take(origin, assignment)) == RIGHT for origin in found.origins)


@pytest.mark.parametrize(
    ("known", "student"), [("anna,Anna", "anna"), ("homework,Homer", "homework"), ("", "homework")]
)
def test_a_folder_around_all_is_nobody_where_the_roster_knows_who_lies_in_it(
    folder: Path, assignment: Assignment, tmp_path: Path, known: str, student: str
) -> None:
    put(folder, {"homework/anna/scaling.py": RIGHT, "homework/notes.txt": "", ".DS_Store": ""})
    put(tmp_path, {"class.csv": f"id,name\n{known}\n"})
    roster = read_roster(tmp_path / "class.csv") if known else None
    assert {id_: source(handed) for id_, handed in taken(folder, assignment, roster).items()} == {student: RIGHT}


def test_names_that_macos_and_windows_pack(folder: Path, assignment: Assignment) -> None:
    """UTF-8 that doesn't say so, as the Finder packs it, and the old code page of Windows."""
    name = "Jo\u0308rg Müller_17_assignsubmission_file_/scaling.py"
    said = zipped({name: RIGHT})
    unsaid = re.sub(rb"(PK\x03\x04..|PK\x01\x02....)\x00\x08", lambda m: m[1] + bytes(2), said, flags=re.DOTALL)
    old = unsaid.replace(name.encode(), "J\u00f6rg Müller_17_assignsubmission_file_////scaling.py".encode("cp437"))
    for number, data in enumerate((said, unsaid, old)):
        (folder / f"{number}.zip").write_bytes(data)
        (handed,) = taken(folder / f"{number}.zip", assignment).values()
        assert unicodedata.normalize("NFC", handed.student.name) == "Jörg Müller"
        assert source(handed) == RIGHT


@pytest.mark.parametrize("form", ["folder", "tar"])
def test_what_macos_puts_beside_files_is_no_work(folder: Path, assignment: Assignment, form: str) -> None:
    """Its own tar packs `._a.ipynb` beside `a.ipynb`, and a disk of another system keeps it there."""
    cells = json.dumps({"cells": [{"cell_type": "code", "source": RIGHT.decode()}]}).encode()
    odd = {"._work.ipynb": b"\0\5\x16\7", "._moving.py": b"\0\5\x16\7", "._work.zip": b"\0\5\x16\7"}
    files = {"work.ipynb": cells, **odd}
    if form == "folder":
        put(folder / "ada", files)
    else:
        (folder / "ada.tar").write_bytes(tarred({f"hw/{name}": data for name, data in files.items()}, "w"))
    (handed,) = taken(folder, assignment).values()
    assert isinstance(handed.files["scaling"], Submission)
    assert not [remark for remark in handed.remarks if "._" in remark]


def test_a_stray_file_is_told(folder: Path, assignment: Assignment) -> None:
    put(folder, {"ada/scaling.py": RIGHT, "notes.pdf": b"x", ".DS_Store": b"x"})
    found = intake.discover(folder, assignment, None)
    assert [remark for remark in found.remarks if "notes.pdf" in remark]
    assert len(found.remarks) == 1


@pytest.mark.parametrize(("name", "said"), [("empty", "no submissions in it"), ("file.txt", "neither a folder nor")])
def test_where_nobody_is(tmp_path: Path, assignment: Assignment, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(WorkspaceError, match=said):
        intake.discover(tmp_path / name, assignment, None)


# Clones


def git(clone: Path, *arguments: str, at: datetime | None = None) -> None:
    moment = (at or datetime(2026, 11, 1, tzinfo=UTC)).isoformat()
    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_DATE": moment,
    }
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    subprocess.run(command, cwd=clone, check=True, capture_output=True, env=environment)


def test_of_a_clone_the_last_commit_before_the_work_was_due(
    folder: Path, assignment: Assignment, tmp_path: Path
) -> None:
    """Not what came later, nor what was never committed; with an extension up to that. No hook or filter runs."""
    ran = tmp_path / "ran"
    clone = folder / "ada"
    clone.mkdir()
    git(clone, "init", "-q")
    put(clone, {"scaling.py": "first"})
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "first", at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    put(clone, {"scaling.py": "second"})
    git(clone, "commit", "-qam", "second", at=datetime(2026, 11, 3, 12, tzinfo=UTC))
    put(clone, {"scaling.py": "third", ".gitattributes": "* filter=evil"})
    for name in ("post-checkout", "pre-auto-gc", "reference-transaction"):
        put(clone, {f".git/hooks/{name}": f"#!/bin/sh\ntouch {ran}\n"})
        (clone / ".git/hooks" / name).chmod(0o755)
    git(clone, "config", "filter.evil.smudge", f"touch {ran}")
    git(clone, "config", "core.fsmonitor", f"touch {ran}")

    def of(due: datetime, *, at_due: bool = True, extension: datetime | None = None) -> HandedIn:
        roster = None
        if extension is not None:
            (tmp_path / "roster.csv").write_text(f"id,due\nada,{extension.isoformat()}\n")
            roster = read_roster(tmp_path / "roster.csv")
        asked = Assignment(assignment.title, assignment.course, assignment.demands, due)
        (origin,) = intake.discover(folder, asked, roster, at_due=at_due).origins
        return intake.take(origin, asked)

    due = datetime(2026, 11, 2, tzinfo=UTC)
    assert source(of(due)) == b"first"
    assert of(due).handed_at == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert source(of(due + timedelta(days=9))) == b"second"
    assert source(of(due, extension=due + timedelta(days=2))) == b"second"
    assert source(of(due, at_due=False)) == b"third"
    assert "no commit up to 2026-10-01" in of(datetime(2026, 10, 1, tzinfo=UTC)).refused
    assert not ran.exists()


def test_a_clone_that_points_elsewhere_is_refused(folder: Path, assignment: Assignment) -> None:
    """`.git` as a file names another folder, which may be anybody's."""
    put(folder, {"ada/.git": "gitdir: /root/secret\n", "ada/scaling.py": RIGHT})
    asked = Assignment(assignment.title, assignment.course, assignment.demands, datetime(2026, 11, 2, tzinfo=UTC))
    (origin,) = intake.discover(folder, asked, None, at_due=True).origins
    assert ".git is not a folder" in intake.take(origin, asked).refused


# Names that count, and those that don't


@pytest.mark.parametrize(
    "name", ["Scaling.py", "scaling (1).py", "scaling_final.py", "scaling.py.txt", "scaling-v2.py"]
)
def test_a_name_that_is_nearly_right_is_told_and_does_not_count(
    folder: Path, assignment: Assignment, name: str
) -> None:
    put(folder / "ada", {name: RIGHT})
    handed = taken(folder, assignment)["ada"]
    assert refusal(handed) == "scaling.py was not handed in"
    assert f"{name} does not count: it would have to be called scaling.py" in handed.remarks


def test_two_that_differ_are_refused_and_two_that_don_t_are_one(folder: Path, assignment: Assignment) -> None:
    put(folder / "ada", {"scaling.py": RIGHT, "old/scaling.py": b"pass", "moving.py": RIGHT, "b/moving.py": RIGHT})
    handed = taken(folder, assignment)["ada"]
    assert (
        refusal(handed) == "scaling.py is there 2 times, and they differ (old/scaling.py and scaling.py); hand in one"
    )
    assert source(handed, "moving") == RIGHT


def test_two_submissions_of_one_student_are_looked_at_together(folder: Path, assignment: Assignment) -> None:
    """A folder and an archive of one name: told, and nothing is chosen."""
    put(folder, {"ada/scaling.py": RIGHT, "ada.zip": zipped({"scaling.py": b"pass", "moving.py": RIGHT})})
    found = intake.discover(folder, assignment, None)
    assert "ada has several submissions: ada and ada.zip" in found.remarks
    (handed,) = (intake.take(origin, assignment) for origin in found.origins)
    assert "2 times" in refusal(handed)
    assert source(handed, "moving") == RIGHT


def test_of_two_submissions_a_damaged_one_costs_itself(folder: Path, assignment: Assignment) -> None:
    """What lies in the other one counts; that one could not be read is said."""
    put(folder, {"ada/scaling.py": RIGHT, "ada.zip": b"no archive", "bob.zip": b"no archive"})
    handed = taken(folder, assignment)
    assert source(handed["ada"]) == RIGHT
    assert any("ada.zip is no zip archive" in remark for remark in handed["ada"].remarks)
    assert "bob.zip is no zip archive" in handed["bob"].refused


def test_helper_modules_come_along_and_checks_do_not(folder: Path, assignment: Assignment) -> None:
    """As when a learner grades their own folder."""
    put(
        folder / "ada",
        {"scaling.py": RIGHT, "helper.py": b"x = 1", "test_scaling.py": b"", "conftest.py": b"", "a b.py": b""},
    )
    put(folder / "ada", {"deeper/other.py": b""})
    submission = taken(folder, assignment)["ada"].files["scaling"]
    assert isinstance(submission, Submission)
    assert submission.sources == {"helper": b"x = 1", "scaling": RIGHT}


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "large", "unreadable"])
def test_what_is_no_file_is_refused(folder: Path, assignment: Assignment, tmp_path: Path, kind: str) -> None:
    """Not followed, not waited for, not read to the end."""
    path = folder / "ada" / "scaling.py"
    path.parent.mkdir()
    match kind:
        case "link":
            (tmp_path / "secret").write_text("secret")
            path.symlink_to(tmp_path / "secret")
        case "fifo":
            os.mkfifo(path)
        case "folder":
            put(path, {"__init__.py": RIGHT})
        case "large":
            path.write_bytes(b"#" * (MAX_SOURCE + 1))
        case _:
            path.write_bytes(RIGHT)
            path.chmod(0)
            if os.access(path, os.R_OK):
                pytest.skip("root reads everything")
    assert "scaling.py" in refusal(taken(folder, assignment)["ada"])


def test_a_linked_folder_is_nobodys(folder: Path, assignment: Assignment, tmp_path: Path) -> None:
    """What lies elsewhere was not handed in."""
    put(tmp_path / "elsewhere", {"scaling.py": RIGHT})
    put(folder, {"bob/scaling.py": RIGHT})
    (folder / "ada").symlink_to(tmp_path / "elsewhere")
    (folder / "bob" / "deeper").symlink_to(tmp_path / "elsewhere")
    found = intake.discover(folder, assignment, None)
    assert [origin.student.id for origin in found.origins] == ["bob"]
    assert [remark for remark in found.remarks if remark.startswith("ada is nobody's work")]
    assert source(intake.take(found.origins[0], assignment)) == RIGHT


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are bytes elsewhere")
def test_names_may_be_anything(folder: Path, assignment: Assignment) -> None:
    """Each is somebody's; what a terminal or a page would obey is an escape."""
    names = [
        b"=cmd()",
        b"-rf",
        b"a\nb",
        b"\x1b[2J",
        b"\xff\xfe",
        "\u202eeve".encode(),
        b" ",
        b".hidden",
        '😀,"'.encode(),
    ]
    for name in names:
        path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - bytes
        os.mkdir(path)  # noqa: PTH102
        Path(os.fsdecode(path), "scaling.py").write_bytes(RIGHT)
    handed = taken(folder, assignment)
    assert len(handed) == len(names)
    assert all(source(one) == RIGHT for one in handed.values())
    assert all(name.isprintable() for name in handed)


def test_answers_to_quizzes_come_along(folder: Path, assignment: Assignment) -> None:
    put(folder / "ada", {"answers.json": b"{}"})
    put(folder / "bob", {"answers.json": b"{}", "old/answers.json": b"[]"})
    handed = taken(folder, assignment)
    assert handed["ada"].answers == b"{}"
    assert handed["bob"].answers is None
    assert "answers.json is there 2 times, and they differ; none of them counts" in handed["bob"].remarks


def test_what_says_how_long_it_took_comes_along_and_is_no_work(folder: Path, assignment: Assignment) -> None:
    """It makes nobody late, and what can't be told apart is left out."""
    put(folder / "ada", {"scaling.py": RIGHT, "progress.json": b"{}"})
    os.utime(folder / "ada" / "scaling.py", (1, 1))
    put(folder / "bob", {"scaling.py": RIGHT, "progress.json": b"{}", "old/progress.json": b"[]"})
    handed = taken(folder, assignment)
    assert handed["ada"].diary == b"{}"
    assert handed["ada"].handed_at == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert handed["bob"].diary is None


def test_the_digest_is_of_what_decides(folder: Path, assignment: Assignment) -> None:
    """Another byte, another name, another answer: another digest; the same again: the same."""
    put(folder / "ada", {"scaling.py": RIGHT, "answers.json": b"{}"})

    def now() -> str:
        (folder / "ada" / "scaling.py").touch()
        os.utime(folder / "ada" / "scaling.py", (1, 1))
        return intake.digest(taken(folder, assignment)["ada"])

    digests = [now(), now()]
    assert digests[0] == digests[1]
    for files in (
        {"scaling.py": RIGHT + b"#"},
        {"helper.py": b""},
        {"answers.json": b"[]"},
        {"progress.json": b"[]"},
        {"moving.py": b""},
    ):
        put(folder / "ada", files)
        digests.append(now())
    assert len(set(digests[1:])) == 6


# Archives


@pytest.mark.parametrize(
    "path", ["../up.py", "a/../../up.py", "/abs.py", "C:\\drive.py", "..\\up.py", "\\\\host\\x.py"]
)
@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_path_that_leads_out_closes_the_archive(path: str, make: object) -> None:
    name = "x.zip" if make is zipped else "x.tar"
    with pytest.raises(Closed, match="leads out of the archive"):
        archive(make({"scaling.py": RIGHT, path: b"x"}), name, (".py",))  # type: ignore[operator]


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.tar.xz"])
@given(data=st.binary(max_size=2000))
def test_bytes_that_are_no_archive_close_it(name: str, data: bytes) -> None:
    """Whatever they are; nothing else is ever raised."""
    said = name
    try:
        assert all(item.path for item in archive(data, name, (".py",)).walk())
    except Closed as error:
        said = str(error)
    assert name in said


@given(st.data())
def test_a_damaged_archive_never_raises_anything_else(data: st.DataObject) -> None:
    """A byte changed, a tail cut off."""
    name = data.draw(st.sampled_from(["x.zip", "x.tar", "x.tar.gz"]))
    files = {"scaling.py": RIGHT, "a/helper.py": b"x = 1\n" * 50}
    whole = bytearray({"x.zip": zipped(files), "x.tar": tarred(files), "x.tar.gz": tarred(files, "w:gz")}[name])
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    whole = whole[: data.draw(st.integers(0, len(whole)))]
    try:
        place = archive(bytes(whole), name, (".py",))
        read = [place.read(item) for item in place.walk() if not item.problem]
    except Closed:
        return
    assert all(isinstance(one, bytes | Refusal) for one in read)


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
def test_a_bomb_is_not_unpacked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for is counted while it is read; a header is not believed."""
    monkeypatch.setattr(archives, "MOST_UNPACKED", 100_000)
    zeros = bytes(2_000_000)
    if name == "x.tar.gz":
        with pytest.raises(Closed, match="unpacks to more than"):
            archive(tarred({"scaling.py": RIGHT, "z": zeros}, "w:gz"), name, (".py",))
        return
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("scaling.py", zeros)
    place = archive(packed.getvalue(), name, (".py",))
    (item,) = place.walk()
    with pytest.raises(Closed, match="unpacks to more than"):
        place.read(item)


def test_links_and_devices_in_archives_are_no_files() -> None:
    """Neither followed nor made."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as made:
        for name, kind in (("link.py", tarfile.SYMTYPE), ("hard.py", tarfile.LNKTYPE), ("fifo.py", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            made.addfile(info)
    problems = {item.path: item.problem for item in archive(packed.getvalue(), "x.tar", (".py",)).walk()}
    assert problems == {"link.py": "is a link", "hard.py": "is a link", "fifo.py": "is not a regular file"}
    zipfile_ = io.BytesIO()
    with zipfile.ZipFile(zipfile_, "w") as made_zip:
        info = zipfile.ZipInfo("link.py")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made_zip.writestr(info, "/etc/passwd")
    (item,) = archive(zipfile_.getvalue(), "x.zip", (".py",)).walk()
    assert item.problem == "is a link"


def test_a_tar_says_when_it_was_packed(folder: Path, assignment: Assignment) -> None:
    (folder / "ada.tar").write_bytes(tarred({"scaling.py": RIGHT}, seconds=1_790_000_000))
    assert taken(folder, assignment)["ada"].handed_at == datetime.fromtimestamp(1_790_000_000, UTC)


@pytest.mark.parametrize("seconds", [10**17, 253_402_300_799, -62_135_596_800])
def test_a_time_that_no_clock_can_show_is_not_known(folder: Path, assignment: Assignment, seconds: int) -> None:
    """The last second of the year 9999 is one of the year 10000 further east."""
    (folder / "ada.tar").write_bytes(tarred({"scaling.py": RIGHT}, seconds=seconds))
    assert taken(folder, assignment)["ada"].handed_at is None


# Notebooks


def notebook(*cells: str) -> bytes:
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# text"}, *made], "nbformat": 4}).encode()


def test_cells_that_define_are_the_source(folder: Path, assignment: Assignment) -> None:
    """Magics become comments, cells that define nothing are left out, and both are told."""
    cells = (
        "%matplotlib inline\nimport numpy as np\n!pip install x",
        "def scale(values, factor=2.0):\n    return values",
        "scale([1])",
    )
    put(folder / "ada", {"hw.ipynb": notebook(*cells)})
    handed = taken(folder, assignment)["ada"]
    text = source(handed).decode()
    compile(text, "scaling.py", "exec")
    assert "# %matplotlib inline" in text
    assert "scale([1])" not in text
    assert "scaling.py: taken from the notebook hw.ipynb" in handed.remarks
    assert "hw.ipynb: code cells that define nothing were left out: 3" in handed.remarks
    assert source(handed, "moving") == source(handed)  # it asks for the same function


@pytest.mark.parametrize("line", ["def scale (values):", "def  scale(values):", "def scale[T](values: T):"])
def test_a_function_of_a_notebook_is_found_as_python_finds_it(folder: Path, assignment: Assignment, line: str) -> None:
    put(folder / "ada", {"hw.ipynb": notebook(f"{line}\n    return values")})
    assert line in source(taken(folder, assignment)["ada"]).decode()


def test_a_notebook_with_a_value_of_that_name_is_none_that_defines_it(folder: Path, assignment: Assignment) -> None:
    """Say `accuracy = correct / total`, in a notebook beside the one with the function; alone it may be a lambda."""
    files = {"hw.ipynb": notebook("def scale(v):\n    return v"), "other.ipynb": notebook("scale = 3")}
    put(folder / "ada", files)
    put(folder / "bob", {"hw.ipynb": notebook("scale = lambda v: v")})
    assert "def scale(v):" in source(taken(folder, assignment)["ada"]).decode()
    assert "scale = lambda v: v" in source(taken(folder, assignment)["bob"]).decode()


def test_a_file_of_the_right_name_wins_over_a_notebook(folder: Path, assignment: Assignment) -> None:
    put(folder / "ada", {"hw.ipynb": notebook("def scale(v):\n    return v"), "scaling.py": RIGHT})
    handed = taken(folder, assignment)["ada"]
    assert source(handed) == RIGHT
    assert "scaling.py counts, not the notebook, which defines the same" in handed.remarks


TOO_MUCH = notebook("def scale(v):\n    return v\n" * 40_000)  # each line of it would be looked at


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", b'{"cells": 3}', b"[" * 100_000, TOO_MUCH])
def test_what_is_no_notebook_is_told(folder: Path, assignment: Assignment, data: bytes) -> None:
    put(folder / "ada", {"hw.ipynb": data})
    handed = taken(folder, assignment)["ada"]
    assert any(remark.startswith("hw.ipynb: it ") for remark in handed.remarks)
    assert refusal(handed) == "scaling.py was not handed in"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "code"]), x),
    )
)
def test_no_notebook_is_too_odd(document: object) -> None:
    """Any JSON is a notebook, or a ValueError with a reason."""
    said = "it is one"
    try:
        read_notebook(json.dumps(document).encode())
    except ValueError as error:
        said = str(error)
    assert said.startswith("it ")
