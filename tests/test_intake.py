"""What is taken of a learner's folder: bytes of regular files, and nothing else."""

import os
import socket
from pathlib import Path

import pytest

from grader import intake, wire
from grader.intake import MAX_SOURCE, Refusal, Submission, take


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """The path of the main file; it is not there yet."""
    return tmp_path / "sigmoid" / "sigmoid.py"


@pytest.fixture
def folder(main: Path) -> Path:
    """An exercise's folder with its main file."""
    main.parent.mkdir()
    main.write_bytes(b"x = 1\n")
    return main.parent


def taken(main: Path) -> Submission:
    found = take(main)
    assert isinstance(found, Submission)
    return found


def refused(main: Path) -> str:
    found = take(main)
    assert isinstance(found, Refusal)
    return found.message


@pytest.mark.usefixtures("folder")
def test_the_bytes_are_taken_as_they_are(main: Path) -> None:
    """Neither line endings nor encodings are touched: the trusted side never reads them as text."""
    data = b"\xef\xbb\xbfx = 1\r\n\x00\xff"
    main.write_bytes(data)
    assert taken(main) == Submission("sigmoid", {"sigmoid": data})


def test_helper_files_are_taken_too(main: Path, folder: Path) -> None:
    """Python files beside the main one come along; tests, own checks, odd names, folders and links do not."""
    (folder / "curve.py").write_bytes(b"y = 2\n")
    for name in ("test_sigmoid.py", "conftest.py", "my_checks.py", "my-notes.py", "notes.txt", "1st.py"):
        (folder / name).write_bytes(b"")
    (folder / "package.py").mkdir()
    (folder / "linked.py").symlink_to(folder / "curve.py")
    assert taken(main).sources == {"sigmoid": b"x = 1\n", "curve": b"y = 2\n"}


def test_helper_files_share_one_room(main: Path, folder: Path) -> None:
    """Helpers are taken in order of name while there is room; one that is too large is left out."""
    (folder / "a.py").write_bytes(b"#" * 600_000)
    (folder / "b.py").write_bytes(b"#" * 600_000)
    (folder / "c.py").write_bytes(b"#" * 1_000)
    assert sorted(taken(main).sources) == ["a", "c", "sigmoid"]


def test_whatever_is_taken_fits_into_a_frame(main: Path, folder: Path) -> None:
    """The largest main file with more helper files than fit, all with long names, can be sent."""
    main.write_bytes(b"#" * MAX_SOURCE)
    for number in range(1200):
        (folder / f"{'n' * 200}{number}.py").write_bytes(b"")
    pieces = wire.encode(["load", 1, "sigmoid", taken(main).sources, ["sigmoid"], 1024])
    assert pieces


def test_a_missing_file_is_named_with_its_remedy(main: Path) -> None:
    """Where there is no file, the command that brings it back is told."""
    assert refused(main) == "sigmoid.py is missing; `grade reset sigmoid` puts the stub back"


@pytest.mark.usefixtures("folder")
def test_a_link_is_not_followed(main: Path, tmp_path: Path) -> None:
    """A link, to a file or to nothing, is refused: it could lead anywhere."""
    (tmp_path / "secret.py").write_text("secret = 1")
    main.unlink()
    main.symlink_to(tmp_path / "secret.py")
    assert refused(main) == "sigmoid.py is a link; put the file itself here"
    main.unlink()
    main.symlink_to(tmp_path / "nothing")
    assert refused(main) == "sigmoid.py is a link; put the file itself here"


@pytest.mark.usefixtures("folder")
def test_a_pipe_is_refused_without_waiting(main: Path) -> None:
    """A pipe that nobody writes to does not hang the grader."""
    main.unlink()
    os.mkfifo(main)
    assert refused(main) == "sigmoid.py is not a regular file; put your Python file in its place"


@pytest.mark.usefixtures("folder")
def test_a_folder_is_refused(main: Path) -> None:
    """A folder in the place of the file is refused in words."""
    main.unlink()
    main.mkdir()
    assert refused(main) == "sigmoid.py is not a regular file; put your Python file in its place"


def test_a_socket_is_refused(main: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot even be opened is refused with the system's reason."""
    main.unlink()
    monkeypatch.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(main.name)
        assert "can't be read" in refused(main)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.usefixtures("folder")
def test_a_file_without_permission_is_refused(main: Path) -> None:
    """A file that may not be read is refused with what to mend."""
    main.chmod(0)
    assert "mend its permissions" in refused(main)


@pytest.mark.parametrize("size", [MAX_SOURCE + 1, 2**33], ids=["a byte", "gigabytes"])
@pytest.mark.usefixtures("folder")
def test_too_large_a_file_is_refused_unread(main: Path, size: int) -> None:
    """A file over the cap is refused by its size, with both numbers."""
    with main.open("r+b") as file:
        file.truncate(size)
    assert refused(main) == f"sigmoid.py has {size:,} bytes; at most {MAX_SOURCE:,} are taken"


@pytest.mark.usefixtures("folder")
def test_the_largest_file_is_taken(main: Path) -> None:
    """Exactly the cap is still taken."""
    main.write_bytes(b"#" * MAX_SOURCE)
    assert len(taken(main).sources["sigmoid"]) == MAX_SOURCE


def test_an_endless_file_is_refused() -> None:
    """A device is no regular file, however it is named."""
    assert isinstance(intake.take(Path("/dev/zero")), Refusal)


def test_a_line_is_quoted_as_text() -> None:
    """A line of the file is shown without its ending; bytes that are no text as marks; none where there is no line."""
    submission = Submission("sigmoid", {"sigmoid": b"first\r\ngr\xff\n"})
    assert [submission.line("sigmoid.py", n) for n in (0, 1, 2, 3, 4)] == ["", "first", "gr\ufffd", "", ""]
    assert submission.line("other.py", 1) == ""
