"""`grade watch` on a real terminal: what is saved is graded, the last state always, and keys do what they say."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from grader.report.wrapping import cells

from .command import SOLVED, grade
from .saves import deleted_and_made, folder_and_all, in_pieces, in_place, moved_away_and_made, renamed_over
from .small_course import change, folders, write_course
from .terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind on Windows")

RAISES = "def scale(values, factor=2.0):\n    raise ValueError('{}')\n"
LOOP = "def scale(values, factor=2.0):\n    while True:\n        pass\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Three exercises of which nothing is written yet."""
    return write_course(tmp_path, "first", "second", "third")


def file_of(course: Path, name: str) -> Path:
    return folders(course, name)[0] / f"{name}.py"


@contextmanager
def watching(course: Path, *arguments: str, **how: str | int) -> Iterator[Terminal]:
    """`grade watch` that has shown its first verdict."""
    with terminal(["grade", "watch", *arguments], course, **how) as shown:
        shown.watch_for("sandbox:")
        yield shown


def settled(shown: Terminal) -> None:
    """Until everything is done that was under way: a key is heard only after it."""
    shown.type("?")
    shown.watch_for("Keys")
    shown.type("\x1b")
    shown.until(lambda text: "Keys" not in text)


def attempts(course: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(course / ".grade" / "progress.sqlite3")) as connection:
        return connection.execute("SELECT exercise, outcome FROM attempts ORDER BY id").fetchall()


# Saves


WAYS: tuple[Callable[[Path, str], None], ...] = (
    in_place,
    renamed_over,
    deleted_and_made,
    moved_away_and_made,
    in_pieces,
    folder_and_all,
)


def test_every_way_of_saving_is_graded(course: Path) -> None:
    """However an editor writes, the new text is graded, and again when the same way is used once more."""
    with watching(course) as shown:
        for number in range(2):
            for save in WAYS:
                word = f"{save.__name__} {number}"
                save(file_of(course, "first"), RAISES.format(word))
                shown.watch_for(word)


def test_of_many_quick_saves_the_last_verdict_stands(course: Path) -> None:
    """None is shown after a newer one, and the last state is the one that stays."""
    with watching(course) as shown:
        for number in range(30):
            in_place(file_of(course, "first"), RAISES.format(f"state {number:02};"))
            shown.read(0.004)  # a verdict now and then falls between two of them
        shown.watch_for("state 29;")
        settled(shown)
        assert "state 29;" in shown.text
    seen = [int(piece[:2]) for piece in shown.written.split(b"state ")[1:]]
    assert seen == sorted(seen)


def test_a_half_written_file_is_graded_again_when_it_is_whole(course: Path) -> None:
    """It says where it is no Python, until the rest has come."""
    with watching(course) as shown:
        in_place(file_of(course, "first"), SOLVED[: SOLVED.index("(values, f") + 3])
        shown.watch_for("SyntaxError", "could not be imported")
        in_place(file_of(course, "first"), SOLVED)
        shown.watch_for("passed · 10 of 10 points")


def test_a_module_beside_the_file_is_part_of_it(course: Path) -> None:
    """What the file imports may change too."""
    with watching(course) as shown:
        in_place(file_of(course, "first"), "from own import scale\n")
        shown.watch_for("No module named 'own'")
        in_place(file_of(course, "first").with_name("own.py"), SOLVED)
        shown.watch_for("passed · 10 of 10 points")


def test_a_save_ends_a_verdict_that_takes_long(course: Path) -> None:
    """An endless loop, of which a check may take a minute, is left at once when it has been mended."""
    change(folders(course, "first")[0] / "exercise.toml", "seconds = 0.5", "seconds = 60")
    with watching(course) as shown:
        in_place(file_of(course, "first"), LOOP)
        shown.watch_for("grading …")
        in_place(file_of(course, "first"), RAISES.format("mended"))
        shown.watch_for("mended", without="took too long")
        in_place(file_of(course, "first"), "while True:\n    pass\n")
        shown.watch_for("grading …")
        shown.type("n")
        shown.watch_for("second", "not started", without="mended")
        shown.type("p")
        shown.watch_for("first", "grading …")
        shown.type("q")
        assert shown.end() == 0
    assert ("first", "timed_out") not in attempts(course)


def test_each_text_is_one_attempt(course: Path) -> None:
    """As with `grade run`, also the untouched stub; saving without a change is none, running again is."""
    with watching(course, "second") as shown:
        in_place(file_of(course, "second"), RAISES.format("once"))
        shown.watch_for("once")
        renamed_over(file_of(course, "second"), RAISES.format("once"))
        settled(shown)
        shown.type("r")
        settled(shown)
        in_place(file_of(course, "second"), SOLVED)
        shown.watch_for("10 of 10")
        settled(shown)
    assert attempts(course) == [
        ("second", "not_started"),
        ("second", "raised"),
        ("second", "raised"),
        ("second", "passed"),
    ]


# Which exercise


def test_it_begins_with_the_first_that_has_not_passed(course: Path) -> None:
    """By the progress, without a name; by a name, that one."""
    in_place(file_of(course, "first"), SOLVED)
    grade(course, "run", "first")
    with watching(course) as shown:
        shown.watch_for("  second ", "1 of 3 passed")
    with watching(course, str(file_of(course, "third"))) as shown:
        shown.watch_for("  third ")


def test_names_that_mean_nothing_are_told_as_by_run(course: Path) -> None:
    """Exit code 2, before anything is drawn."""
    done = grade(course, "watch", "secnd")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean second?" in done.stderr


def test_a_save_of_another_exercise_turns_to_it(course: Path) -> None:
    """It is what one works on; a file that is none of an exercise turns to nothing."""
    with watching(course, "first") as shown:
        in_place(file_of(course, "first").with_name("notes.py"), "1\n")
        in_place(file_of(course, "third"), RAISES.format("the third"))
        shown.watch_for("the third", "  third ")


def test_a_removed_file_of_another_exercise_turns_nowhere(course: Path) -> None:
    """It is no save."""
    with watching(course) as shown:
        file_of(course, "second").unlink()
        in_place(file_of(course, "first"), RAISES.format("still here"))
        shown.watch_for("still here")
        file_of(course, "third").unlink()
        settled(shown)
        shown.type("r")
        settled(shown)
        assert "still here" in shown.text


def test_passing_says_why_it_matters_and_waits_to_be_read(course: Path) -> None:
    """The next exercise comes by its key, or by a save of its file; after the last one there is none."""
    with watching(course) as shown:
        in_place(file_of(course, "first"), SOLVED)
        shown.watch_for("Why it matters: Everything that learns multiplies.", "n goes on: Scale numbers (second)")
        settled(shown)
        shown.type("n")
        shown.watch_for("  second ", "not started", "1 of 3 passed")
        in_place(file_of(course, "second"), SOLVED)
        shown.watch_for("n goes on", "(third)", "2 of 3 passed")
        in_place(file_of(course, "third"), SOLVED)
        shown.watch_for("All exercises have passed.", "3 of 3 passed")
        shown.type("p")
        shown.watch_for("  second ")


def test_in_a_release_nothing_is_said_to_have_passed(course: Path, tmp_path: Path) -> None:
    """What is hidden counts, and nobody knows it here; the work is told as what is handed in."""
    release = tmp_path / "release"
    assert grade(course, "release", "first", "-o", f"{release}/").returncode == 0
    with watching(release) as shown:
        shown.watch_for("visible checks met in 0 of 1")
        in_place(release / "exercises" / "01_first" / "first" / "first.py", SOLVED)
        shown.watch_for("visible checks met in 1 of 1", "hidden ones count at hand-in")
        shown.type("s")
        shown.watch_for("release, which holds no solutions")
        shown.type("n")  # the only one there is
        shown.watch_for("hidden ones count at hand-in", without="esc goes back")
        assert "All exercises have passed" not in shown.written.decode()
    assert (release / "progress.json").exists()


# Keys


def test_keys_open_pages_and_escape_goes_back(course: Path) -> None:
    """Help, the list, hints, which are counted, and the solution once it has passed."""
    with watching(course) as shown:
        for key, wanted in {"?": "your editor", "l": "1 First steps", "h": "Hint 1 of 3"}.items():
            shown.type(key)
            shown.watch_for(wanted, "esc goes back")
            shown.type("\x1b")
            shown.watch_for("Read exercises/01_first/first/README.md")
        shown.type("h")
        shown.watch_for("Hint 2 of 3")
        shown.type("s")
        shown.watch_for("first has not passed yet")
        in_place(file_of(course, "first"), SOLVED)
        shown.watch_for("10 of 10")
        shown.type("s")
        shown.watch_for("return np.multiply(values, factor)")
        shown.type("q")
        assert shown.end() == 0
    assert "hints: 2 of 3" in grade(course, "list").stdout


def test_the_editor_has_the_terminal_for_a_while(course: Path, tmp_path: Path) -> None:
    """With lines and echo, as a shell would give it; what it saved is graded when it has ended."""
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, termios\n"
        "lines = termios.tcgetattr(0)[3] & termios.ICANON\n"
        f"open(sys.argv[1], 'w').write({RAISES!r}.format(f'{{input()}} {{bool(lines)}}'))\n",
        encoding="utf-8",
    )
    with watching(course, EDITOR=f"'{sys.executable}' '{editor}'") as shown:
        shown.type("e")
        shown.until(lambda _: shown.written.endswith(b"\x1b[?1049l"))
        shown.type("typed\n")
        shown.watch_for("typed True", "sandbox:")
    for environment, said in (({"EDITOR": ""}, "Neither VISUAL nor EDITOR"), ({"EDITOR": "/no/such"}, "No such file")):
        with watching(course, VISUAL="", **environment) as shown:
            shown.type("e")
            shown.watch_for(said)


def test_the_quiz_has_the_terminal_for_a_while(course: Path) -> None:
    """Enter goes back to the verdict; a Ctrl-C leaves the quiz alone."""
    with watching(course) as shown:
        shown.type("z")
        shown.watch_for("This course has no quizzes.", "Enter goes back")
        shown.type("\n")
        shown.watch_for("not started", "sandbox:")


def test_ctrl_c_before_going_back_ends_it_on_a_line_of_its_own(course: Path) -> None:
    with watching(course) as shown:
        shown.type("z")
        shown.watch_for("Enter goes back")
        shown.type("\x03")
        assert shown.end() == 130
        assert "\n· Scale numbers  first" in shown.text


# The window


def test_a_long_verdict_is_read_by_pages(course: Path) -> None:
    """The first failure stands first; space and the arrows go on, and each line fits."""
    with watching(course, columns=60, rows=14) as shown:
        in_place(file_of(course, "first"), RAISES.format("word " * 60))
        top = shown.watch_for("more lines: space", "0 of 3 passed")
        assert top.startswith("✗ Scale numbers")
        shown.type("\x1b[B")
        shown.until(lambda text: not text.startswith("✗ Scale numbers"))
        shown.type("     ")
        shown.watch_for("the end; b goes up", "h shows a hint")
        shown.type("b" * 9)
        shown.until(lambda text: text == top)
        assert max(map(cells, top.splitlines())) <= 60


def test_a_new_size_is_drawn_at_once(course: Path) -> None:
    """Wrapped anew, from the left edge, with nothing left of what was there."""
    with watching(course, columns=100, rows=30) as shown:
        shown.resize(50, 20)
        shown.until(lambda text: "s solution\n" in text and "it is graded\n" in text)
        assert max(map(cells, shown.text.splitlines())) <= 50
        shown.resize(100, 30)
        shown.watch_for("r run again  ? help  q quit")


def test_what_a_key_shows_is_wrapped_anew_too(course: Path) -> None:
    with watching(course, columns=100, rows=40, NO_COLOR="1") as shown:
        for key, wanted in {
            "h": "again shows the next one too.",
            "l": "not started",
            "?": "arrows go by lines",
        }.items():
            shown.type(key)
            shown.watch_for(wanted, "esc goes back")
            shown.resize(44, 40)
            text = shown.until(lambda text: "s solution  z quiz  l list  r run again\n" in text, "a narrower page")
            assert wanted in " ".join(text.split())
            shown.resize(100, 40)
            shown.watch_for("r run again  ? help  q quit")


def test_colour_and_signs_can_be_left_out(course: Path) -> None:
    """NO_COLOR, and a terminal that takes ASCII alone."""
    with watching(course, NO_COLOR="1", PYTHONIOENCODING="ascii") as shown:
        in_place(file_of(course, "first"), RAISES.format("what"))
        shown.watch_for("what", "x Scale numbers")
        shown.type("?")
        shown.watch_for("Keys")
    assert b"m\x1b" not in shown.written
    assert b"\x1b[1m" not in shown.written
    assert shown.written.isascii()


def test_it_leaves_how_the_exercise_stands(course: Path) -> None:
    """The screen is as it was before, with a line on the exercise and one on the course."""
    with watching(course) as shown:
        in_place(file_of(course, "first"), SOLVED)
        shown.watch_for("10 of 10")
        shown.type("q")
        assert shown.end() == 0
        left = [line for line in shown.text.splitlines() if line]
    assert left[0].startswith("✓ Scale numbers  first")
    assert "1 of 3 passed" in left[1]
    assert len(left) == 2
