"""What a class hands in costs bounded time and memory, and nobody's work costs another's."""

import io
import json
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.assignment import Assignment, LatePolicy, whole_course
from grader.classroom import intake
from grader.classroom.archives import archive
from grader.classroom.intake import Found
from grader.classroom.model import HandedIn
from grader.classroom.notebook import read_notebook
from grader.classroom.places import Closed, is_junk, shown
from grader.course import bundled_root, read_course
from grader.intake import MAX_SOURCE, Refusal, Submission

from . import small_course
from .test_class_intake import notebook, put, source, tarred, zipped

RIGHT = small_course.REFERENCE.encode()
DUE = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    root: Path = tmp_path_factory.mktemp("course")
    return whole_course(read_course(small_course.write_course(root, "scaling", "moving")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


def taken(found: Found, assignment: Assignment) -> dict[str, HandedIn]:
    return {origin.student.id: intake.take(origin, assignment) for origin in found.origins}


# Archives


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_zip_is_packed_as_everybody_packs_it(method: int) -> None:
    """By other methods a kilobyte becomes gigabytes before anybody can count them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as made:
        made.writestr("scaling.py", RIGHT)
    with pytest.raises(Closed, match="packed in a way that is not read"):
        archive(packed.getvalue(), "x.zip", (".py",))


def test_a_zip_of_a_million_entries_is_not_listed() -> None:
    """Each costs memory before one can be looked at."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for number in range(5_001):
            made.writestr(str(number), b"")
    with pytest.raises(Closed, match="holds 5,001 files"):
        archive(packed.getvalue(), "x.zip", (".py",))


def _header(kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo("header")
    info.type, info.size = kind, size
    return info.tobuf()


def _with_header(kind: bytes, content: bytes) -> bytes:
    return _header(kind, len(content)) + content + bytes(-len(content) % 512)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_long_headers_of_a_tar_are_not_read(kind: bytes) -> None:
    """Digits without end: some versions of Python take the square of their number."""
    with pytest.raises(Closed, match="headers that are too long"):
        archive(_with_header(kind, b"1" * 8_000_000) + tarred({"scaling.py": RIGHT}), "x.tar", (".py",))


def test_many_headers_of_a_tar_are_not_read() -> None:
    one = _with_header(tarfile.XHDTYPE, b"3900 comment=" + b"1" * 3886 + b"\n") + _header(tarfile.REGTYPE, 0)
    with pytest.raises(Closed, match="headers that are too long"):
        archive(one * 300 + bytes(1024), "x.tar", (".py",))


def test_a_python_that_reads_headers_in_another_way_reads_no_tar(monkeypatch: pytest.MonkeyPatch) -> None:
    """What bounds them is a method of tarfile's that is not public."""
    another = classmethod(lambda cls, read: cls.frombuf(read.fileobj.read(512), "utf-8", "strict"))
    monkeypatch.setattr(tarfile.TarInfo, "fromtarfile", another)
    with pytest.raises(Closed, match="this version of Python reads tar archives unbounded"):
        archive(tarred({"scaling.py": RIGHT}), "x.tar", (".py",))


def test_a_long_name_in_a_tar_is_fine() -> None:
    path = "/".join(["folder" * 10] * 10) + "/scaling.py"
    place = archive(tarred({path: RIGHT}), "x.tar", (".py",))
    assert [place.read(item) for item in place.walk()] == [RIGHT]


def _sparse(fields: dict[str, str], body: bytes = b"") -> bytes:
    """A file with holes, as the fields of its extended header say."""
    records = b""
    for name, value in fields.items():
        text = f" GNU.sparse.{name}={value}\n"
        records += f"{len(text) + 2}{text}".encode()
    return _with_header(tarfile.XHDTYPE, records) + _header(tarfile.REGTYPE, len(body)) + body + bytes(-len(body) % 512)


@pytest.mark.parametrize(
    "data",
    [
        _sparse({"major": "1", "minor": "0", "name": "scaling.py", "realsize": "1000"}, b"500\n" + b"1\n" * 1000),
        _sparse({"map": "0,0", "size": "5000000"}),
        _sparse({"size": "5000000", "offset": "0", "numbytes": "0"}),
        _header(tarfile.GNUTYPE_SPARSE, 0),
    ],
    ids=["1.0", "0.1", "0.0", "old"],
)
def test_a_file_with_holes_is_refused(data: bytes) -> None:
    """Its map may have any length, and its holes are megabytes of nothing for each header."""
    with pytest.raises(Closed, match="with holes in it"):
        archive(data + bytes(1024), "x.tar", (".py",))


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_notebook_may_have_pictures_wherever_it_lies(folder: Path, assignment: Assignment, pack: object) -> None:
    """Its outputs make it large; an archive of any kind takes as much as a folder."""
    cell = {"cell_type": "code", "source": "def scale(v):\n    return v", "outputs": ["x" * 3_000_000]}
    data = pack({"hw.ipynb": json.dumps({"cells": [cell]}).encode()})  # type: ignore[operator]
    (folder / ("ada.zip" if pack is zipped else "ada.tar")).write_bytes(data)
    assert b"def scale" in source(taken(intake.discover(folder, assignment, None), assignment)["ada"])


@pytest.mark.parametrize("name", ["ada.rar", "ada.7z", "ada/hw.rar", "ada.zst"])
def test_an_archive_of_another_kind_is_told(folder: Path, assignment: Assignment, name: str) -> None:
    put(folder, {name: b"x"})
    handed = taken(intake.discover(folder, assignment, None), assignment)["ada"]
    assert "of a kind that is not opened; pack it as .zip or .tar.gz" in handed.refused + " ".join(handed.remarks)


def test_one_archive_in_a_folder_is_opened_and_none_in_that(folder: Path, assignment: Assignment) -> None:
    """Who hands in a folder with an archive has handed in the archive."""
    inner = zipped({"moving.py": RIGHT})
    put(folder / "ada", {"hw.zip": zipped({"scaling.py": RIGHT, "inner.zip": inner}), "deeper/other.zip": inner})
    put(folder / "bob", {f"{number}.zip": inner for number in range(6)})
    handed = taken(intake.discover(folder, assignment, None), assignment)
    assert source(handed["ada"]) == RIGHT
    said = " ".join(handed["ada"].remarks)
    assert "hw.zip/inner.zip is not opened" in said
    assert "deeper/other.zip is not opened" in said
    assert handed["bob"].refused == "bob holds 6 archives; at most 5 are opened"


def test_a_damaged_archive_beside_a_file_costs_only_itself(folder: Path, assignment: Assignment) -> None:
    put(folder / "ada", {"hw.zip": b"x", "scaling.py": RIGHT})
    handed = taken(intake.discover(folder, assignment, None), assignment)["ada"]
    assert source(handed) == RIGHT
    assert any("hw.zip is no zip archive" in remark for remark in handed.remarks)


def test_one_bad_path_does_not_cost_the_class(tmp_path: Path, assignment: Assignment) -> None:
    """In the archive of all a member that leads out is left out, and told."""
    bulk = tmp_path / "all.zip"
    bulk.write_bytes(zipped({"ada_1_11_scaling.py": RIGHT, "eve_2_22_../../x.py": b"", "bob_3_33_scaling.py": RIGHT}))
    found = intake.discover(bulk, assignment, None)
    assert [origin.student.id for origin in found.origins] == ["1", "3"]
    assert any(remark.startswith("left out: all.zip: eve_2_22_../../x.py leads out") for remark in found.remarks)


# Files


def test_each_file_is_read_and_counted_once(folder: Path) -> None:
    """All exercises in one folder, where each is a helper of each other, and large."""
    whole = whole_course(read_course(bundled_root()))
    names = [demand.exercise.file_name for demand in whole.demands]
    (folder / "ada.zip").write_bytes(zipped({name: name.encode() + b"#" * 25_000 for name in names}))
    (folder / "bob.zip").write_bytes(zipped({f"{name[:-3]}/{name}": b"#" * 900_000 for name in names}))
    handed = taken(intake.discover(folder, whole, None), whole)
    for one in handed.values():
        assert all(isinstance(file, Submission) for file in one.files.values()), one.refused
    sources = [file.sources for file in handed["ada"].files.values() if isinstance(file, Submission)]
    assert all(set(one) == {name.removesuffix(".py") for name in names} for one in sources)
    assert len({id(text) for one in sources for text in one.values()}) == len(names)


def test_many_large_files_of_one_name_are_too_much(folder: Path, assignment: Assignment) -> None:
    put(folder / "ada", {f"{number}/scaling.py": b"#" * 1_000_000 for number in range(70)})
    assert "more than 64 MB of code" in taken(intake.discover(folder, assignment, None), assignment)["ada"].refused


@pytest.fixture
def readable_by_all() -> Iterator[Path]:
    """A folder that a user without rights can read, too."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("mode", [0, 0o444, 0o111], ids=oct)
def test_a_folder_that_may_not_be_read_costs_only_itself(
    readable_by_all: Path, assignment: Assignment, mode: int
) -> None:
    """Neither the list nor the reading of all stops there."""
    put(readable_by_all, {"ada/scaling.py": RIGHT, "bob/scaling.py": RIGHT})
    (readable_by_all / "ada").chmod(mode)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        handed = taken(intake.discover(readable_by_all, assignment, None), assignment)
    finally:
        os.seteuid(user)
        (readable_by_all / "ada").chmod(0o755)
    assert source(handed["bob"]) == RIGHT
    ada = handed["ada"].files["scaling"]
    assert isinstance(ada, Refusal)
    assert "mend its permissions" in ada.message


# Notebooks


@pytest.mark.parametrize("line", ["a:\n", "a\n", "a\n\n\n\n", "a.b?? \n", "%a \n", "a : b\n", "?" * 50 + "\n"])
def test_a_notebook_is_read_in_the_time_of_its_length(line: str) -> None:
    """Lines that begin like a definition, as many as fit."""
    text = line * (MAX_SOURCE // len(line))
    cells = [{"cell_type": "code", "source": text}]
    assert read_notebook(json.dumps({"cells": cells}).encode()).source.count("# cell") < 2


@pytest.mark.parametrize(
    "line",
    ['    """Is it the largest?', "        % 3)", "    # why?", '    x = "what?"', "    print('really?')"],
)
def test_what_only_looks_like_a_magic_stays(line: str) -> None:
    text = f"def f(x):\n{line}\n"
    assert text in read_notebook(notebook(text)).source


@pytest.mark.parametrize(
    "line", ["%matplotlib inline", "!pip install x", "?f", "f?", "np.dot??", "    %time f(1)", "%%time"]
)
def test_what_is_a_magic_becomes_a_comment(line: str) -> None:
    found = read_notebook(notebook(f"{line}\ndef f(x):\n    return x\n")).source
    assert f"pass  # {line.strip()}\n" in found
    assert "def f(x)" in found


def test_a_cell_of_another_language_is_left_out() -> None:
    found = read_notebook(notebook("%%bash\nx=1\n", "%%writefile a.py\ndef f(x):\n    pass"))
    assert (found.source.strip(), found.left_out) == ("", (1, 2))


# Times


def late(assignment: Assignment) -> Assignment:
    return replace(assignment, due=DUE, late=LatePolicy.parse("10%/day"))


@pytest.mark.parametrize(
    "name",
    [
        "lovelaceada_17_4711_scaling.py",
        "lovelaceada_LATE_17_4711_scaling.py",
        "Ada_17_assignsubmission_file_/scaling.py",
        "Ada_17_assignsubmission_file_scaling.py",
    ],
)
def test_the_time_of_a_download_makes_nobody_late(folder: Path, assignment: Assignment, name: str) -> None:
    """Its files are as old as the download; that nobody knows when they came is said."""
    put(folder, {name: RIGHT})
    asked = late(assignment)
    handed = taken(intake.discover(folder, asked, None), asked)["17"]
    assert source(handed) == RIGHT
    assert handed.handed_at is None
    assert "nobody knows when it was handed in, so nothing is taken for late work" in handed.remarks
    assert ("Canvas marks it as late" in handed.remarks) == ("LATE" in name)


def test_a_folder_says_when_also_of_answers_alone(folder: Path, assignment: Assignment) -> None:
    put(folder, {"ada/answers.json": b"{}"})
    os.utime(folder / "ada/answers.json", (1_790_000_000, 1_790_000_000))
    handed = taken(intake.discover(folder, assignment, None), assignment)["ada"]
    assert handed.handed_at == datetime.fromtimestamp(1_790_000_000, UTC)


# Names


@pytest.mark.parametrize(
    ("name", "student", "shown"),
    [
        ("o_neilx_17_4711_scaling.py", "17", "o_neilx"),
        ("anon_Ab1cD_4711_scaling.py", "anon_Ab1cD", ""),
        ("LATE_anon_Ab1cD_4711_scaling.py", "anon_Ab1cD", ""),
        ("Participant_17_assignsubmission_file_scaling.py", "17", "Participant"),
    ],
)
def test_names_as_an_lms_writes_them(folder: Path, assignment: Assignment, name: str, student: str, shown: str) -> None:
    """Underscores in a name; nobody's name where the work is marked blind."""
    put(folder, {name: RIGHT})
    handed = taken(intake.discover(folder, assignment, None), assignment)
    assert {key: (one.student.name, source(one)) for key, one in handed.items()} == {student: (shown, RIGHT)}


@pytest.mark.parametrize(
    ("lead", "student"),
    [("Ada_17_assignsubmission_file_", "17"), ("lovelaceada_17_4711_", "17"), ("anon_Ab1cD_4711_", "anon_Ab1cD")],
)
@pytest.mark.parametrize("name", ["Bob_18_assignsubmission_file_scaling.py", "boolegeorge_18_4712_scaling.py"])
def test_the_name_of_a_students_file_makes_it_nobody_elses(
    folder: Path, assignment: Assignment, lead: str, name: str, student: str
) -> None:
    """What follows the number of the student is the student's own choice, also where it looks like another's."""
    put(folder, {f"{lead}scaling.py": RIGHT, f"{lead}{name}": "def scaling(): pass"})
    handed = taken(intake.discover(folder, assignment, None), assignment)
    assert {key: source(one) for key, one in handed.items()} == {student: RIGHT}


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX's")
@pytest.mark.parametrize(
    "names", [("a\nb", "a\\nb"), ("x" * 200, "x" * 199 + "y"), (" ", "' '"), ("\u202e", "\\u202e")]
)
def test_two_students_never_have_one_id(folder: Path, assignment: Assignment, names: tuple[str, str]) -> None:
    """Where what is shown of two names is the same."""
    put(folder, {f"{name}/scaling.py": name for name in names})
    handed = taken(intake.discover(folder, assignment, None), assignment)
    assert sorted(source(one) for one in handed.values()) == sorted(name.encode() for name in names)
    assert all(key.isprintable() for key in handed)


PARTS = st.sampled_from(
    ["scaling.py", "moving.py", "hw.zip", "x.tar.gz", "a", "..a", "hw.ipynb", "answers.json", ".git", "venv", "a\nb.py"]
)
KINDS = st.sampled_from(["file", "link", "fifo", "folder"])


@given(st.lists(st.tuples(st.lists(PARTS, min_size=1, max_size=4), KINDS)))
def test_no_tree_of_names_raises_or_is_left(
    tmp_path_factory: pytest.TempPathFactory, assignment: Assignment, tree: list[tuple[list[str], str]]
) -> None:
    """Whatever lies where, links to what is outside too: everybody has a row, and nothing outside is read."""
    root = tmp_path_factory.mktemp("tree")
    put(root / "outside", {"scaling.py": b"SECRET", "moving.py": b"SECRET"})
    (root / "in").mkdir()
    for path, kind in tree:
        _make((root / "in").joinpath(*path), kind, root / "outside")
    folders = [path.name for path in (root / "in").iterdir() if path.is_dir() and not path.is_symlink()]
    students = {shown(name) for name in folders if not is_junk(name)}
    if not students:
        return
    handed = taken(intake.discover(root / "in", assignment, None), assignment)
    assert students <= {name for one in handed.values() for name in one.origin.split(", ")}
    for one in handed.values():
        assert set(one.files) == {"scaling", "moving"}
        texts = [text for file in one.files.values() if isinstance(file, Submission) for text in file.sources.values()]
        assert b"SECRET" not in texts


def _make(path: Path, kind: str, outside: Path) -> None:
    """Make it, unless something else is in its way."""
    if os.path.lexists(path):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        match kind:
            case "file":
                path.write_bytes(b"x = 1\n")
            case "link":
                path.symlink_to(outside / "scaling.py" if path.suffix else outside)
            case "fifo":
                os.mkfifo(path)
            case _:
                path.mkdir()
    except OSError:
        return
