"""What `grade watch` survives, and how it ends: the terminal as it was, no process left, never a traceback."""

import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from .command import SOLVED, environment, without_signs
from .small_course import folders, write_course
from .terminal import AT_MOST_SECONDS, terminal
from .test_watch import LOOP, RAISES, file_of, in_place, settled, watching

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

ENDS = {  # what ends it, and its exit code
    "q": lambda shown: shown.type("q"),
    "Ctrl-C": lambda shown: shown.type("\x03"),
    "Ctrl-\\": lambda shown: shown.type("\x1c"),
    "SIGTERM": lambda shown: shown.process.terminate(),
    "SIGHUP": lambda shown: shown.process.send_signal(signal.SIGHUP),
    "SIGKILL": lambda shown: shown.process.kill(),
    "a closed terminal": lambda shown: shown.hang_up(),
}
CODES = {"q": 0, "Ctrl-C": 130, "Ctrl-\\": -3, "SIGTERM": -15, "SIGHUP": -1, "SIGKILL": -9, "a closed terminal": -1}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with a course, so that it can be moved."""
    root = tmp_path / "here"
    root.mkdir()
    return write_course(root, "first", "second")


def descendants(process: int) -> list[int]:
    """The processes below one, the nearest first."""
    found: list[int] = []
    with suppress(FileNotFoundError):
        for tasks in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, tasks.read_text().split())
    return [*found, *(far for near in found for far in descendants(near))]


def held(process: int) -> list[int]:
    """Descriptors of the processes below one; one that ends in this moment is left out."""
    found = []
    for one in descendants(process):
        with suppress(ProcessLookupError):
            found.append(os.pidfd_open(one))
    return found


def all_end(descriptors: list[int]) -> bool:
    """Whether the processes of these pidfds end in time."""
    try:
        return all(select.select([one], [], [], AT_MOST_SECONDS)[0] for one in descriptors)
    finally:
        for one in descriptors:
            os.close(one)


@pytest.mark.parametrize("how", ENDS)
def test_however_it_ends_nothing_is_left(course: Path, how: str) -> None:
    """The terminal is as it was, but for SIGKILL, and its processes are gone, also that of a loop under way."""
    with watching(course) as shown:
        assert shown.attributes() != shown.before
        in_place(file_of(course, "first"), LOOP if how != "q" else SOLVED)
        shown.watch_for("grading" if how != "q" else "10 of 10")
        below = held(shown.process.pid)
        assert len(below) >= 2  # a zygote and its fork
        ENDS[how](shown)
        if how == "a closed terminal":
            code = shown.process.wait(AT_MOST_SECONDS)
        else:
            code = shown.end()
            if how != "SIGKILL":
                assert shown.attributes() == shown.before
                assert shown.written.endswith(b"\x1b[?1049l") or how in ("q", "Ctrl-C")
        assert code == CODES[how]
        assert all_end(below)
    assert b"Traceback" not in shown.written


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_it_can_be_stopped_and_brought_back(course: Path) -> None:
    """Ctrl-Z in a shell gives the terminal back as it was; `fg` draws anew and has seen what was saved meanwhile."""
    with terminal(["bash", "--norc", "--noprofile", "-i"], course, PS1="ready> ") as shown:
        shown.type("stty -g > before; grade watch\n")
        shown.watch_for("sandbox:")
        shown.type("\x1a")
        shown.watch_for("Stopped", "grade watch")
        shown.type("stty -g > meanwhile; echo done\n")
        shown.watch_for("\ndone")
        in_place(file_of(course, "first"), SOLVED)
        shown.type("fg\n")
        shown.watch_for("10 of 10", "q quit")
        shown.type("q")
        shown.watch_for("✓ Scale numbers  first", without="q quit")
        shown.type("stty -g > after; exit\n")
        shown.end()
    before, meanwhile, after = ((course / name).read_text() for name in ("before", "meanwhile", "after"))
    assert before == meanwhile == after


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
@pytest.mark.parametrize("then", [(), (signal.SIGCONT,)], ids=["brought back", "continued by others first"])
def test_it_can_be_stopped_by_others_and_brought_back(course: Path, then: tuple[signal.Signals, ...]) -> None:
    """By SIGSTOP it can't give the terminal back, so a shell has changed it meanwhile; `fg` makes it a window again."""
    with terminal(["bash", "--norc", "--noprofile", "-i"], course, PS1="ready> ") as shown:
        shown.type("stty -g > before; grade watch\n")
        shown.watch_for("sandbox:")
        watch = descendants(shown.process.pid)[0]
        os.kill(watch, signal.SIGSTOP)
        shown.watch_for("Stopped", "ready>")
        for number in then:
            os.kill(watch, number)
            shown.until(lambda text: "Stopped" not in text)  # its screen is left, and with it what stood there
            shown.type("echo back\n")
            shown.watch_for("\nback")
        shown.type("fg\n")
        shown.watch_for("sandbox:", "q quit", without="Stopped")
        shown.type("?")
        shown.watch_for("Keys")
        shown.type("q")
        shown.watch_for("Scale numbers  first", without="q quit")
        shown.type("stty -g > after; exit\n")
        shown.end()
    assert (course / "before").read_text() == (course / "after").read_text()


def test_a_terminal_that_is_closed_under_an_editor_ends_it(course: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text("import time\nprint('editing', flush=True)\ntime.sleep(600)\n", encoding="utf-8")
    with watching(course, EDITOR=f"'{sys.executable}' '{editor}'", VISUAL="") as shown:
        shown.type("e")
        shown.watch_for("editing")
        below = held(shown.process.pid)
        shown.hang_up()
        assert shown.process.wait(AT_MOST_SECONDS) == -signal.SIGHUP
        assert all_end(below)


def test_an_interrupted_beginning_gives_the_terminal_back(course: Path) -> None:
    """Ctrl-C in the moment in which the window has been taken."""
    code = (
        "import os, signal, sys\n"
        "from grader.cli import main\n"
        "def interrupt(frame, event, argument):\n"
        "    if event == 'return' and frame.f_code.co_qualname == 'Window._take':\n"
        "        sys.setprofile(None)\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.setprofile(interrupt)\n"
        "main(['watch'])\n"
    )
    with terminal([sys.executable, "-c", code], course) as shown:
        assert shown.end() == 130
        assert shown.attributes() == shown.before
        assert b"\x1b[?1049l" in shown.written


def test_a_folder_that_is_moved_away_is_waited_for(course: Path) -> None:
    """It says so, and goes on when the folder is back, also another one of that name."""
    away = course.with_name("away")
    with watching(course) as shown:
        settled(shown)
        course.rename(away)
        shown.watch_for("q or Ctrl-C leaves")
        in_place(file_of(away, "first"), RAISES.format("written elsewhere"))
        away.rename(course)
        shown.watch_for("written elsewhere", without="Ctrl-C leaves")
        in_place(file_of(course, "first"), RAISES.format("written here"))
        shown.watch_for("written here")
        settled(shown)  # the attempt is kept after the verdict is shown
        shutil.copytree(course, away)
        shutil.rmtree(course)
        shown.watch_for("q or Ctrl-C leaves")
        shown.type("?")
        shown.watch_for("Keys")
        away.rename(course)
        shown.watch_for("written here", without="Ctrl-C leaves")
        in_place(file_of(course, "first"), SOLVED)
        shown.watch_for("10 of 10")


def test_a_folder_of_the_same_name_is_as_good(course: Path) -> None:
    """The one in which it began is gone for good, and no key fails meanwhile; then any exercise is graded."""
    kept = course.with_name("kept")
    shutil.copytree(course, kept)
    with watching(course) as shown:
        settled(shown)
        shutil.rmtree(course)
        shown.watch_for("q or Ctrl-C leaves")
        shown.type("hlsez?")
        shown.watch_for("Keys")
        shown.type("\x1b")
        shown.watch_for("Scale numbers  first", without="Keys")
        assert b"Errno" not in shown.written
        kept.rename(course)
        shown.watch_for("sandbox:", without="Ctrl-C leaves")
        in_place(file_of(course, "second"), SOLVED)
        shown.watch_for("10 of 10", "Scale numbers  second")
        shown.type("h")
        shown.watch_for("Hint 1 of 3")


def test_a_file_that_is_missing_is_told(course: Path) -> None:
    """With its remedy, which works while it watches; so does a link, a folder or a pipe in its place."""
    path = file_of(course, "first")
    with watching(course) as shown:
        path.unlink()
        shown.watch_for("first.py is missing")
        path.mkdir()
        shown.watch_for("first.py is not a regular file")
        path.rmdir()
        os.mkfifo(path)
        shown.watch_for("first.py is not a regular file")
        path.unlink()
        path.symlink_to(folders(course, "first")[1] / "first.py")
        shown.watch_for("first.py is a link")
        path.unlink()
        in_place(path, SOLVED)
        shown.watch_for("10 of 10")


def test_processes_that_are_killed_are_replaced(course: Path) -> None:
    """The zygote and the process that waits for the next save may be gone when it comes; the verdict is the same."""
    with watching(course) as shown:
        for number in range(2):
            settled(shown)
            below = descendants(shown.process.pid)
            watched = [os.pidfd_open(one) for one in below]
            for one in below:
                with suppress(ProcessLookupError):  # it went with its parent
                    os.kill(one, signal.SIGKILL)
            assert all_end(watched)
            in_place(file_of(course, "first"), RAISES.format(f"verdict {number}"))
            shown.watch_for(f"raised     ValueError: verdict {number}")


def test_progress_that_cannot_be_kept_costs_no_verdict(course: Path) -> None:
    """It says why, and goes on."""
    with watching(course) as shown:
        settled(shown)
        shutil.rmtree(course / ".grade")
        (course / ".grade").write_text("in the way", encoding="utf-8")
        in_place(file_of(course, "first"), SOLVED)
        shown.watch_for("10 of 10", "progress can't be kept here")
        in_place(file_of(course, "first"), RAISES.format("later"))
        shown.watch_for("later")


# Without keys


def lines_of(course: Path, **changes: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["grade", "watch"],
        cwd=course,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def verdict_in(watch: "subprocess.Popen[str]") -> str:
    """What comes up to the end of the next verdict."""
    assert watch.stdout is not None
    text = ""
    while "sandbox:" not in text:
        line = watch.stdout.readline()
        assert line, f"it ended: {text}"
        text += line
    return text


def test_a_pipe_gets_plain_lines(course: Path) -> None:
    """One verdict below the other, each as soon as it is there; Ctrl-C ends."""
    with lines_of(course) as watch:
        text = verdict_in(watch)
        assert text.startswith("Whatever you save is graded. Ctrl-C ends.\n\n")
        in_place(file_of(course, "first"), RAISES.format("in a pipe"))
        text += verdict_in(watch)
        assert "ValueError: in a pipe" in text
        in_place(file_of(course, "first"), SOLVED)
        text += verdict_in(watch)
        watch.send_signal(signal.SIGINT)
        out, err = watch.communicate(timeout=AT_MOST_SECONDS)
    assert watch.returncode == 130
    assert "Traceback" not in out + err
    assert "\x1b" not in text
    assert "passed · 10 of 10 points" in text
    assert "Save exercises/01_first/second/second.py to go on" in text


def test_a_reader_that_goes_ends_it(course: Path) -> None:
    """As of `head`: no traceback, no error."""
    with lines_of(course) as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        verdict_in(watch)
        watch.stdout.close()
        in_place(file_of(course, "first"), SOLVED)
        watch.wait(AT_MOST_SECONDS)
        assert watch.stderr.read() == ""


def test_a_dumb_terminal_gets_plain_lines(course: Path) -> None:
    """No key is taken, and no cursor is moved; Ctrl-C ends."""
    with terminal(["grade", "watch"], course, TERM="dumb") as shown:
        shown.watch_for("sandbox:")
        assert shown.attributes() == shown.before
        in_place(file_of(course, "first"), RAISES.format("dumb"))
        shown.watch_for("ValueError: dumb")
        shown.type("\x03")
        assert shown.end() == 130
    text = shown.written.decode()
    assert without_signs(text) == text
