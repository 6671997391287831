"""Report files: what goes to standard output, what to files, and what happens where a file can't be written."""

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from grader import report as report_package

from .command import HALF, SOLVED, environment, grade
from .quiz.questions import ORDER, SHORT, SINGLE
from .small_course import CHAPTER, change, folders, write_course

SCHEMA = Path(report_package.__file__).parent / "report.schema.json"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose only exercise is half right."""
    root = write_course(tmp_path)
    (folders(root, "scaling")[0] / "scaling.py").write_text(HALF, encoding="utf-8")
    return root


def test_json_alone_goes_to_standard_output(course: Path) -> None:
    """What a program reads is one JSON document that follows the schema, and nothing else."""
    done = grade(course, "run", "--json", "-")
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert (done.returncode, done.stderr) == (1, "")
    assert report["exercises"][0]["name"] == "scaling"


def test_a_message_does_not_get_into_the_json(course: Path) -> None:
    """What there is to say beside the report goes to standard error."""
    (course / ".grade").write_text("a file in the folder's place", encoding="utf-8")
    done = grade(course, "run", "--json", "-")
    assert json.loads(done.stdout)["format"] == 1
    assert "progress can't be kept here" in done.stderr


def test_what_learners_print_does_not_get_into_the_json(course: Path) -> None:
    """It is quoted inside the report."""
    stub = folders(course, "scaling")[0] / "scaling.py"
    loud = HALF.replace("return", "print('hello'), __import__('os').write(2, b'world')\n    return")
    stub.write_text(loud, encoding="utf-8")
    done = grade(course, "run", "--json", "-")
    assert all(word in json.dumps(json.loads(done.stdout)) for word in ("hello", "world"))
    assert done.stderr == ""


def test_what_known_wrong_solutions_print_is_not_shown(course: Path) -> None:
    """`print` in place of `return` is a known mistake; the diagnosis runs it, and the learner must not see it."""
    wrong = folders(course, "scaling")[1] / "wrong.toml"
    loud = (
        '[[wrong]]\nname = "loud"\ntitle = "printed"\ncheck = "test_example"\nfeedback = "Return it."\n'
        'edits = [{ old = "return np.multiply(values, factor)", new = "print(\'LOUD\')" }]\n'
    )
    wrong.write_text(wrong.read_text(encoding="utf-8") + loud, encoding="utf-8")
    done = grade(course, "run")
    assert "test_factor" in done.stdout or "A factor that is given" in done.stdout
    assert "LOUD" not in done.stdout + done.stderr


def test_three_files_in_one_run(course: Path) -> None:
    """Each holds the report in its own form, the screen shows it too, and missing folders are made."""
    done = grade(course, "run", "--json", "out/a/report.json", "--html", "out/report.html", "--junit", "out/report.xml")
    assert done.returncode == 1
    assert "0 of 1 exercise passed" in done.stdout
    assert json.loads((course / "out/a/report.json").read_text(encoding="utf-8"))["format"] == 1
    assert (course / "out/report.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert ElementTree.parse(course / "out/report.xml").getroot().tag == "testsuites"
    assert sorted(path.name for path in (course / "out").iterdir()) == ["a", "report.html", "report.xml"]


@pytest.mark.parametrize(("option", "start"), [("--html", "<!doctype html>"), ("--junit", "<?xml")])
def test_the_other_forms_go_to_standard_output_as_well(course: Path, option: str, start: str) -> None:
    """`-` is standard output for each of them."""
    assert grade(course, "run", option, "-").stdout.lower().startswith(start)


def test_one_report_to_a_file_and_one_to_standard_output(course: Path) -> None:
    """The screen's own report gives way, the file is written."""
    done = grade(course, "run", "--json", "-", "--junit", "report.xml")
    assert json.loads(done.stdout)["format"] == 1
    assert (course / "report.xml").is_file()


def test_two_reports_cannot_share_standard_output(course: Path) -> None:
    """2, before anything runs."""
    done = grade(course, "run", "--json", "-", "--junit", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert "only one report can go to standard output; give the others a file name" in done.stderr
    assert not (course / ".grade").exists()


@pytest.mark.parametrize("name", ["taken/report.json", "/dev/null/report.json", ".", "folder"])
def test_a_report_that_cannot_be_written_is_told(course: Path, name: str) -> None:
    """2 with the file's name; the verdict is on the screen and recorded all the same."""
    (course / "taken").write_text("a file", encoding="utf-8")
    (course / "folder").mkdir()
    done = grade(course, "run", "--json", name)
    assert done.returncode == 2
    assert done.stderr.startswith(f"grade: {name}: ")
    assert "name a" in done.stderr
    assert "0 of 1 exercise passed" in done.stdout
    assert (course / ".grade" / "progress.sqlite3").exists()
    assert (course / "taken").read_text(encoding="utf-8") == "a file"


def test_a_report_file_is_replaced_whole(course: Path) -> None:
    """The second run's report stands where the first one's did, and nothing is left beside it."""
    grade(course, "run", "--json", "report.json")
    (folders(course, "scaling")[0] / "scaling.py").write_text(SOLVED, encoding="utf-8")
    grade(course, "run", "--json", "report.json")
    outcomes = {c["outcome"] for c in json.loads((course / "report.json").read_text("utf-8"))["exercises"][0]["checks"]}
    assert outcomes == {"passed"}
    assert [path.name for path in course.iterdir() if path.name.endswith(".part")] == []


@pytest.fixture
def quizzed(course: Path) -> Path:
    """The course with a quiz of three questions, of which two were answered by a pipe, the first one wrongly."""
    text = f"format = 1\n{SHORT}{SINGLE}{ORDER}"
    (course / "exercises" / CHAPTER / "quiz.toml").write_text(text, encoding="utf-8")
    subprocess.run(
        ["grade", "quiz", "--learner", "learner-3"],
        check=True,
        cwd=course,
        env=environment(),
        input="theta\na\nq\n",
        capture_output=True,
        encoding="utf-8",
    )
    return course


def test_quizzes_stand_in_the_reports(quizzed: Path) -> None:
    """JSON by question and in sum, the page in words; not in JUnit's cases, nor on the screen for one chapter."""
    done = grade(quizzed, "run", "--json", "report.json", "--html", "report.html", "--junit", "report.xml")
    assert (done.returncode, done.stderr) == (1, "")
    assert "Quiz" not in done.stdout
    report = json.loads((quizzed / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    (quiz,) = report["quizzes"]
    assert (quiz["chapter"], quiz["chapter_title"]) == (CHAPTER, "First steps")
    answered, unanswered = quiz["questions"][:2], quiz["questions"][2]
    assert answered[0] == {"id": "word", "attempts": 1, "right": False, "due": True}
    assert (answered[1]["id"], answered[1]["attempts"]) == ("step", 1)
    assert unanswered == {"id": "xor", "attempts": 0, "right": None, "due": False}
    right, wrong = answered[1]["right"], 2 - answered[1]["right"]
    assert report["summary"]["quizzes"] == [
        {"chapter": CHAPTER, "questions": 3, "answered": 2, "right": int(right), "to_review": wrong}
    ]
    assert f"{int(right)} of 3 right, 1 to go" in (quizzed / "report.html").read_text(encoding="utf-8")
    assert "quiz" not in (quizzed / "report.xml").read_text(encoding="utf-8").lower()


def test_a_quiz_that_nobody_began_is_in_no_report(course: Path) -> None:
    """An empty list, and a page that says nothing of it."""
    text = f"format = 1\n{SHORT}"
    (course / "exercises" / CHAPTER / "quiz.toml").write_text(text, encoding="utf-8")
    grade(course, "run", "--json", "report.json", "--html", "report.html")
    assert json.loads((course / "report.json").read_text(encoding="utf-8"))["quizzes"] == []
    assert ">Quiz<" not in (course / "report.html").read_text(encoding="utf-8")


def test_the_references_have_answered_no_quiz(quizzed: Path) -> None:
    """What the learner answered is no part of a report on the course's own solutions."""
    assert json.loads(grade(quizzed, "run", "--solutions", "--json", "-").stdout)["quizzes"] == []


def test_a_quiz_that_cannot_be_read_costs_no_verdict(quizzed: Path) -> None:
    """It is told on standard error, and the report is written without it."""
    change(quizzed / "exercises" / CHAPTER / "quiz.toml", '"word"', '"No word"')
    done = grade(quizzed, "run", "--json", "-")
    assert done.returncode == 1
    assert done.stderr.startswith(f"grade: {CHAPTER}/quiz.toml: ")
    assert json.loads(done.stdout)["quizzes"] == []
