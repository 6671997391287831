"""Reading a quiz: what is taken, and what an author is told of every mistake."""

from pathlib import Path

import pytest

from grader.course import Course, read_course
from grader.errors import CourseError
from grader.quiz.bank import Kind, quizzes

from ..small_course import CHAPTER, write_course
from .questions import ALL, INTERVAL, MULTIPLE, NUMERIC, ORDER, SHAPE, SINGLE, question_of, quiz_of


def test_every_kind_of_question_is_read(tmp_path: Path) -> None:
    """In the order of the file, each of its kind."""
    quiz = quiz_of(tmp_path, *ALL.values())
    kinds = [Kind(name) if name != "interval" else Kind.NUMERIC for name in ALL]
    assert [question.kind for question in quiz.questions] == kinds
    assert quiz.find("xor") is quiz.questions[5]
    assert quiz.find("none") is None


@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        (SINGLE, 'type = "single"', 'type = "choice"', ["type = 'choice'", "single, multiple"]),
        (SINGLE, 'id = "step"', 'id = "Step 1"', ["id = 'Step 1'", "lower-case"]),
        (SINGLE, "explanation = ", "explaination = ", ["explanation is missing", "add a text"]),
        (SINGLE, '"H({u}) = 0."', '" "', ["explanation is empty", "sentence"]),
        (SINGLE, 'answer = "0"\n', 'answer = "1"\n', ["both hold '1'", "differ"]),
        (SINGLE, ', { answer = "{u}", why = "That is the identity." }', "", ["holds 1 options", "add 2"]),
        (SINGLE, 'why = "Only above 0."', 'reason = "Only above 0."', ["why is missing"]),
        (SINGLE, "H({u})?", "H({v})?", ["{v} is no parameter", "without braces"]),
        (SINGLE, "u = [-1, -2, -3]", "u = [-1]", ["u = [-1]", "two or more"]),
        (SINGLE, "u = [-1, -2, -3]", "u = [-1, -2], z = [1, 2]", ["z is used nowhere", "remove"]),
        (SINGLE, "u = [-1, -2, -3]", "u = [true, false]", ["u = [True, False]", "numbers or texts"]),
        (SINGLE, "prompt = ", 'sources = ["line 3"]\nprompt = ', ["'line 3'", "001:17"]),
        (SINGLE, "prompt = ", "tolerance = 1\nprompt = ", ["tolerance is not a key", "spelling"]),
        (NUMERIC, "prompt = ", "tolerance = -0.5\nprompt = ", ["tolerance = -0.5", "0 or more"]),
        (NUMERIC, "prompt = ", "tolerance = nan\nprompt = ", ["tolerance = nan", "0 or more"]),
        (MULTIPLE, 'wrong = [{ answer = "ReLU is below 1", why = "ReLU(7) = 7." }]', "", ["holds 0 options"]),
        (NUMERIC, 'program = "answer = len(range(0, n, b))"', "", ["program is missing", "NumPy"]),
        (NUMERIC, "values = { count = ", "values = { n = ", ["both define n", "rename"]),
        (INTERVAL, "(-1, -0.5]", "-1 to -0.5", ["interval = '-1 to -0.5'", "(-1, -0.5]"]),
        (INTERVAL, "(-1, -0.5]", "(1, -0.5]", ["interval = '(1, -0.5]'"]),
        (ORDER, "[[2, 1, 3]]", "[[2, 1]]", ["other_orders", "each place once"]),
        (ORDER, "[[2, 1, 3]]", '["b a c"]', ["other_orders holds 'b a c'", "[2, 1, 3]"]),
        (ORDER, "explanation = ", 'wrong = [{ answer = "3 1 2", why = "" }]\nexplanation = ', ["wrong", "remove it"]),
        (SHAPE, 'program = "answer', 'programm = "answer', ["programm is not a key"]),
    ],
)
def test_a_mistake_is_told_with_file_question_key_and_remedy(
    tmp_path: Path, text: str, old: str, new: str, told: list[str]
) -> None:
    """One change of a sound question."""
    assert text.count(old) == 1
    with pytest.raises(CourseError) as caught:
        question_of(tmp_path, text.replace(old, new))
    said = str(caught.value)
    assert said.startswith("01_first/quiz.toml: ")
    assert [part for part in told if part not in said] == [], said


def test_a_value_that_only_a_wrong_number_needs_is_used(tmp_path: Path) -> None:
    """The foreseen wrong answers of a numeric question are expressions, too."""
    text = NUMERIC.replace("values = { ", 'values = { product = "n * b", ').replace('"n * b", why', '"product", why')
    assert question_of(tmp_path, text).wrong[0].answer == "product"


def test_two_questions_of_one_id_are_refused(tmp_path: Path) -> None:
    """Answers are kept by the id."""
    with pytest.raises(CourseError, match="'step' belongs to two questions; give each its own"):
        quiz_of(tmp_path, SINGLE, SINGLE)


@pytest.mark.parametrize(("head", "told"), [("", "format is missing"), ("format = 2\n", "update neurograde")])
def test_another_format_is_refused(tmp_path: Path, head: str, told: str) -> None:
    """A later version's file is not half understood."""
    with pytest.raises(CourseError, match=told):
        quiz_of(tmp_path, SINGLE, head=head)


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    """It would be a quiz that nobody can answer."""
    with pytest.raises(CourseError, match="add questions, or remove the file"):
        quiz_of(tmp_path, head="format = 1\nquestion = []\n")


def test_a_course_has_the_quizzes_of_its_chapters(tmp_path: Path) -> None:
    """A chapter without a file has none; an id that two chapters use is refused."""
    course = two_chapters(tmp_path)
    assert quizzes(course) == ()
    for chapter in (CHAPTER, "02_second"):
        (tmp_path / "exercises" / chapter / "quiz.toml").write_text(f"format = 1\n{SINGLE}", encoding="utf-8")
    with pytest.raises(CourseError, match=r"01_first/quiz\.toml: step: id belongs to a question of another chapter"):
        quizzes(course)
    (tmp_path / "exercises" / "02_second" / "quiz.toml").unlink()
    (found,) = quizzes(course)
    assert (found.chapter, len(found.questions)) == (CHAPTER, 1)


def two_chapters(root: Path) -> Course:
    write_course(root)
    write_course(root, "second", chapter="02_second")
    table = root / "exercises" / "course.toml"
    first = f'[[chapter]]\nfolder = "{CHAPTER}"\ntitle = "First"\nexercises = ["scaling"]\n'
    table.write_text(table.read_text(encoding="utf-8") + first, encoding="utf-8")
    return read_course(root)
