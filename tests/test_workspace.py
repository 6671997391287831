"""A workspace holds stubs and texts, never anything hidden, and never loses a learner's file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import vscode
from grader.course import bundled_root, read_course
from grader.errors import CourseError, GraderError, WorkspaceError
from grader.workspace import MARKER, Workspace, create, find_workspace

from .small_course import write_course


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create(tmp_path / "work")[0]


# Making one


def test_a_workspace_holds_stubs_texts_and_its_marker(workspace: Workspace) -> None:
    """Two files per exercise as they stand in the course, the editor's tasks and the marker."""
    expected = {
        path: source.read_bytes()
        for e in workspace.course.exercises
        for path, source in (
            (f"{e.chapter}/{e.name}/{e.file_name}", e.stub),
            (f"{e.chapter}/{e.name}/README.md", e.readme),
        )
    }
    expected |= {path: text.encode() for path, text in vscode.files()}
    found = files(workspace.root)
    marker = found.pop(MARKER)
    assert found == expected
    assert workspace.course.id.encode() in marker


def test_nothing_hidden_is_written(workspace: Workspace) -> None:
    """No check, no reference, no known-wrong solution, no hint: not as a file, and not as a text inside one."""
    found = files(workspace.root)
    everything = b"\n".join(found.values())
    for e in workspace.course.exercises:
        hidden = [e.check_file, e.reference, e.wrong_file, e.folder / "exercise.toml"]
        assert not [path for path in hidden if path.read_bytes() in everything]
        assert not [hint for hint in e.hints if hint.encode() in everything]
        assert not [wrong.name for wrong in e.wrongs if wrong.feedback.encode() in everything]
    assert not [name for name in found if "test_" in name or name.endswith(("exercise.toml", "wrong.toml"))]


def test_a_second_time_changes_nothing(workspace: Workspace) -> None:
    """Making it again leaves every file alone and says so."""
    before = files(workspace.root)
    _, written, kept = create(workspace.root)
    assert (files(workspace.root), written, len(kept)) == (before, [], len(before))


def test_a_learners_file_is_never_overwritten(workspace: Workspace) -> None:
    """What is there stays, an empty file too; what is missing is laid beside it."""
    first, second = workspace.course.exercises[:2]
    workspace.file_of(first).write_bytes(b"mine\r\n")
    workspace.file_of(second).unlink()
    _, written, _ = create(workspace.root)
    assert workspace.file_of(first).read_bytes() == b"mine\r\n"
    assert written == [workspace.file_of(second)]


def test_a_link_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    """A link to nothing is somebody's too: nothing is written through it."""
    target = workspace.file_of(workspace.course.exercises[0])
    target.unlink()
    target.symlink_to(tmp_path / "nowhere.py")
    create(workspace.root)
    assert target.is_symlink()
    assert not (tmp_path / "nowhere.py").exists()


@pytest.mark.parametrize("inside", [".", "learner", "exercises/01_first/scaling"])
def test_no_workspace_inside_a_course(tmp_path: Path, inside: str) -> None:
    """Stubs among the checks would be taken for the course's own."""
    root = write_course(tmp_path)
    before = files(root)
    with pytest.raises(WorkspaceError, match=r"lies inside the course in .*; choose a folder outside"):
        create(root / inside)
    assert files(root) == before


def test_no_workspace_inside_another(tmp_path: Path) -> None:
    """`grade` would find the nearer one, and the work in the other would seem gone."""
    create(tmp_path / "nn")
    before = files(tmp_path)
    with pytest.raises(WorkspaceError, match=r"nn.nn: lies inside the workspace .*nn; choose a folder outside"):
        create(tmp_path / "nn" / "nn")
    assert files(tmp_path) == before


def test_a_workspace_that_is_inside_another_already_is_brought_up_to_date(tmp_path: Path) -> None:
    """Someone works in it."""
    create(tmp_path / "nn" / "nn")
    create(tmp_path / "nn")
    (lost, *_) = (tmp_path / "nn" / "nn").glob("*/*/README.md")
    lost.unlink()
    _, written, _ = create(tmp_path / "nn" / "nn")
    assert written == [lost]


def test_no_workspace_where_one_of_another_course_is(tmp_path: Path) -> None:
    """Two courses in one folder could not be told apart."""
    (tmp_path / MARKER).write_text('format = 1\ncourse = "botany"\n', encoding="utf-8")
    with pytest.raises(WorkspaceError, match="course = 'botany'"):
        create(tmp_path)
    assert list(files(tmp_path)) == [MARKER]


def test_no_workspace_in_place_of_a_file(tmp_path: Path) -> None:
    """A file that stands in the way is named, and stays."""
    (tmp_path / "work").write_text("a file", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"work.*; choose a folder that can be written"):
        create(tmp_path / "work")
    assert (tmp_path / "work").read_text(encoding="utf-8") == "a file"


@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None, reason="root may write everywhere")
def test_no_workspace_in_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """It gives a sentence, not a traceback."""
    tmp_path.chmod(0o555)
    code = (
        "import pathlib, sys\n"
        "from grader.workspace import create\nfrom grader.errors import WorkspaceError\n"
        "try:\n    create(pathlib.Path(sys.argv[1]))\nexcept WorkspaceError as error:\n    print(error)\n"
    )
    as_anybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    done = subprocess.run(
        [*as_anybody, sys.executable, "-c", code, str(tmp_path / "work")], capture_output=True, text=True, check=True
    )
    tmp_path.chmod(0o755)
    assert done.stdout.strip().endswith("Permission denied; choose a folder that can be written")


# Finding one


@pytest.mark.parametrize("below", [".", "01_activation", "01_activation/sigmoid"])
def test_a_workspace_is_found_from_every_folder_inside(workspace: Workspace, below: str) -> None:
    """The nearest marker upward counts."""
    found = find_workspace(workspace.root / below)
    assert (found.root, found.course.id) == (workspace.root, workspace.course.id)


def test_an_authors_course_is_its_own_workspace(tmp_path: Path) -> None:
    """In a checkout the stubs are graded where they lie."""
    root = write_course(tmp_path)
    found = find_workspace(root / "exercises" / "01_first" / "scaling")
    (exercise,) = found.course.exercises
    assert (found.root, found.file_of(exercise)) == (root, exercise.stub)


def test_no_workspace_is_told_with_what_to_do(tmp_path: Path) -> None:
    """The folder is named, and the command that makes one."""
    with pytest.raises(WorkspaceError) as caught:
        find_workspace(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}: no course here or above")
    assert "`grade init DIR`" in str(caught.value)


@pytest.mark.parametrize(
    ("marker", "error", "parts"),
    [
        ("format = 1\n", CourseError, ["neurograde.toml: course is missing", "add a text"]),
        ('course = "x"\n', CourseError, ["neurograde.toml: format is missing", "add a whole number"]),
        ("format =", CourseError, ["neurograde.toml: ", "mend the file"]),
        ('format = 2\ncourse = "x"\n', WorkspaceError, ["neurograde.toml: format = 2", "format 1", "update"]),
        ('format = 1\ncourse = "botany"\n', WorkspaceError, ["neurograde.toml: course = 'botany'", "holds"]),
    ],
)
def test_a_broken_marker_is_told(tmp_path: Path, marker: str, error: type[GraderError], parts: list[str]) -> None:
    """The marker is named with its value and with what this version can read."""
    (tmp_path / MARKER).write_text(marker, encoding="utf-8")
    with pytest.raises(error) as caught:
        find_workspace(tmp_path)
    assert [part for part in parts if part not in str(caught.value)] == [], str(caught.value)


def test_the_state_folder_is_ignored_by_git(workspace: Workspace) -> None:
    """Progress is nobody else's business, whatever repository the workspace is in."""
    workspace.make_state_folder()
    workspace.make_state_folder()
    assert (workspace.root / ".grade" / ".gitignore").read_text(encoding="utf-8").endswith("*\n")


def test_a_state_folder_that_cannot_be_made_is_told(workspace: Workspace) -> None:
    """A file in its place is named."""
    (workspace.root / ".grade").write_text("", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"\.grade: .*progress can't be kept here"):
        workspace.make_state_folder()


def test_the_bundled_course_is_the_one_that_init_lays_out(workspace: Workspace) -> None:
    """A workspace answers the course that comes with the package."""
    assert workspace.course == read_course(bundled_root())
