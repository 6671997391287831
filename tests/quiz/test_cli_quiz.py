"""`grade quiz` as learners use it: from a pipe and on a terminal, left and gone on with, reviewed."""

import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ..command import environment
from ..small_course import CHAPTER, write_course
from .questions import CODE, NUMERIC, SHORT, SINGLE


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with a quiz of three questions."""
    write_course(tmp_path)
    text = f"format = 1\n{SHORT}{NUMERIC}{SINGLE}"
    (tmp_path / "exercises" / CHAPTER / "quiz.toml").write_text(text, encoding="utf-8")
    return tmp_path


def quiz(folder: Path, *arguments: str, lines: str = "", columns: int = 80) -> subprocess.CompletedProcess[str]:
    """Run `grade quiz` with these lines as standard input."""
    return subprocess.run(
        ["grade", "quiz", *arguments],
        check=False,
        cwd=folder,
        env=environment(COLUMNS=str(columns)),
        input=lines,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def listed(folder: Path) -> str:
    """What `grade list` says of the quiz."""
    done = subprocess.run(
        ["grade", "list"], check=True, cwd=folder, env=environment(), capture_output=True, encoding="utf-8"
    )
    return next(line.strip() for line in done.stdout.splitlines() if line.strip().startswith("quiz"))


def test_a_sitting_is_left_and_gone_on_with(course: Path) -> None:
    """Every answer is kept at once; the next time begins with the first question that has none."""
    first = quiz(course, lines="theta\nq\n")
    assert first.returncode == 0
    assert "Question 1 of 3\nWhat is theta called?" in first.stdout
    assert "✗ Not right.\n  The right answer: bias\n  The bias.\n" in first.stdout
    assert first.stdout.endswith("Left; everything answered so far is kept.\n")
    second = quiz(course, "1", lines="")
    assert "Question 2 of 3" in second.stdout
    assert "theta" not in second.stdout
    assert listed(course).endswith("0 of 3 right, 2 to go, 1 to review")


def test_how_to_answer_fits_a_narrow_terminal(course: Path) -> None:
    """The longest of these lines is that of a question about a program."""
    path = course / "exercises" / CHAPTER / "quiz.toml"
    path.write_text(f"format = 1\n{CODE}", encoding="utf-8")
    done = quiz(course, columns=60)
    assert "(type what it prints, in one line; how many spaces there are\ndoes not matter)\n" in done.stdout


def test_a_whole_quiz_with_the_same_numbers_for_the_same_name(course: Path) -> None:
    """Who gives a name gets its numbers; the end says where one stands."""
    done = quiz(course, "--learner", "learner-3", lines="bias\n938\nz\na\n")
    assert "60000 samples, batches of 64" in done.stdout
    assert "938 batches." in done.stdout
    assert "Please type one letter, a to c." in done.stdout
    assert "All 3 questions are answered" in done.stdout
    again = quiz(course, lines="")
    assert again.stdout.count("All 3 questions are answered") == 1
    assert again.returncode == 0


def test_a_review_asks_again_what_was_wrong_with_other_numbers(course: Path) -> None:
    """At once after a wrong answer; what is right then comes a day later."""
    quiz(course, "--learner", "learner-3", lines="bias\n7\n")
    review = quiz(course, "--review", lines="?\nq\n")
    assert "Review\n1 question." in review.stdout
    assert "Please type a number" in review.stdout
    answers = {
        "60000 samples, batches of 64": "938",
        "100 samples, batches of 64": "2",
        "100 samples, batches of 50": "2",
    }
    assert quiz(course, "--review", lines="7\n").stdout.endswith(
        "\n0 of 1 right this time; `grade quiz --review` asks the others again.\n"
    )
    review = quiz(course, "--review", lines="q\n")
    right = next(number for prompt, number in answers.items() if prompt in review.stdout)
    done = quiz(course, "--review", lines=f"{right}\n").stdout
    assert "✓ Right." in done
    assert "\n1 of 1 right this time; the next one is due on" in done
    assert "Nothing to review now; the next one is due on" in quiz(course, "--review").stdout


def test_bytes_that_are_no_letters_are_an_answer_like_another(course: Path) -> None:
    """As a terminal of another encoding sends them, in an answer and in a name."""
    command = ["grade", "quiz", "--learner", b"J\xf6rg"]
    done = subprocess.run(command, check=False, cwd=course, env=environment(), input=b"bi\xe4s\n", capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Not right." in done.stdout
    assert "Question 2 of 3" in quiz(course).stdout


@pytest.mark.parametrize("chapter", ["1", "01", CHAPTER, f"{CHAPTER}/", "scaling"])
def test_a_chapter_in_every_name_that_it_has(course: Path, chapter: str) -> None:
    """Its number, its folder, one of its exercises."""
    assert "Quiz · First steps" in quiz(course, chapter).stdout


def test_a_chapter_that_there_is_not(course: Path) -> None:
    """The known ones are named."""
    done = quiz(course, "7")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no quiz '7'; there are quizzes for {CHAPTER}" in done.stderr


def test_a_broken_quiz_is_told_with_its_file(course: Path) -> None:
    """No traceback, and exit code 2."""
    path = course / "exercises" / CHAPTER / "quiz.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("explanation", "explaination"), encoding="utf-8")
    done = quiz(course)
    assert done.returncode == 2
    assert done.stderr == f"grade: {CHAPTER}/quiz.toml: word: explanation is missing; add a text\n"


def test_a_course_without_quizzes_says_so(tmp_path: Path) -> None:
    """Nothing to answer is no fault."""
    assert quiz(write_course(tmp_path)).stdout == "This course has no quizzes.\n"


def test_signs_that_a_terminal_lacks_are_replaced(course: Path) -> None:
    """ASCII alone is enough."""
    done = subprocess.run(
        ["grade", "quiz"],
        check=False,
        cwd=course,
        env=environment(PYTHONIOENCODING="ascii", TERM="dumb"),
        input="theta\n",
        capture_output=True,
        encoding="ascii",
        timeout=60,
    )
    assert "- Not right." in done.stdout


def test_interrupted_on_a_terminal_it_keeps_what_was_answered(course: Path) -> None:
    """Ctrl-C at the second question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["grade", "quiz"], cwd=course, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen = until(ours, "> ")
    os.write(ours, b"bias\n")
    screen = until(ours, "samples")
    process.send_signal(signal.SIGINT)
    screen += until(ours, "Interrupted")
    assert process.wait(60) == 130
    os.close(ours)
    assert "\x1b[32m" in screen
    assert listed(course).endswith("1 of 3 right, 2 to go")


def until(terminal: int, text: str, seconds: float = 60.0) -> str:
    """What the terminal shows, until a text is there."""
    seen, deadline = "", time.monotonic() + seconds
    while text not in seen and select.select([terminal], [], [], max(deadline - time.monotonic(), 0))[0]:
        try:
            seen += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:
            break
    assert text in seen, seen
    return seen
