"""Quizzes in a release: no keys, the same draws, answers recorded without a verdict and marked from the file."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.classroom.roster import ids_of, read_roster
from grader.course import bundled_root, read_course
from grader.quiz import drawn, keyless
from grader.quiz.bank import CHOSEN, Quiz, quizzes
from grader.quiz.keyless import KeylessQuiz, learner_of, read_quizzes
from grader.quiz.marking import answer_of, how_to_answer
from grader.quiz.sheet import Given, NotASheet, Sheet
from grader.release.answers import mark_answers
from grader.release.keyless import keyless as without_key
from grader.release.keyless import keyless_file
from grader.report.plain import printable

from .command import environment, grade
from .quiz.questions import INTERVAL, MULTIPLE, NUMERIC, SHORT, SINGLE
from .small_course import CHAPTER, write_course

QUIZZES = quizzes(read_course(bundled_root()))
ALL = SINGLE + MULTIPLE + NUMERIC + INTERVAL + SHORT


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KeylessQuiz]:
    """Every quiz of the course as a release has it, written and read back."""
    root = tmp_path_factory.mktemp("release")
    (root / "quizzes").mkdir()
    for quiz in QUIZZES:
        (root / "quizzes" / f"{quiz.chapter}.toml").write_text(keyless_file(quiz, "Title"), encoding="utf-8")
    return {quiz.chapter: quiz for quiz in read_quizzes(root)}


def test_what_is_written_is_read_back(released: dict[str, KeylessQuiz]) -> None:
    """Every question of the course."""
    for quiz in QUIZZES:
        assert released[quiz.chapter].questions == tuple(map(without_key, quiz.questions))


@pytest.mark.parametrize("learner", [f"s{number}" for number in range(25)])
def test_a_student_sees_what_the_true_question_would_show(released: dict[str, KeylessQuiz], learner: str) -> None:
    """The same prompt, the same program, the same options."""
    for quiz in QUIZZES:
        for true, shown in zip(quiz.questions, released[quiz.chapter].questions, strict=True):
            one, other = drawn.draw(true, learner), keyless.draw(shown, learner)
            assert (one.prompt, one.program) == (other.prompt, other.program)
            asked = (one.drawn_of(name for name, _ in true.parameters), other.drawn_of(n for n, _ in shown.parameters))
            assert asked[0] == asked[1]
            if true.kind in CHOSEN:
                assert sorted(o.text for o in one.options) == sorted(o.text for o in other.options)
            assert how_to_answer(one) == how_to_answer(other) or true.kind not in CHOSEN


def right_answer(quiz: Quiz, name: str, learner: str) -> dict[str, Any]:
    """What a student who knows everything hands in."""
    question = quiz.find(name)
    assert question is not None
    asked = drawn.draw(question, learner)
    if question.kind in CHOSEN:
        right = sorted((o for o in asked.options if o.is_right), key=lambda o: o.place)
        return {"answer": "whatever", "chosen": [option.text for option in right]}
    interval = asked.interval
    answer = str((interval.low + interval.high) / 2) if interval is not None else answer_of(asked)
    return {"answer": " ".join(answer.split())}


def sheet(learner: str, answers: dict[str, Any], **changes: object) -> bytes:
    return json.dumps({"format": 1, "release": "x", "learner": learner, "answers": answers, **changes}).encode()


@pytest.mark.parametrize("learner", ["s1", "S 2 ", "Ünal"])
def test_right_answers_to_the_whole_course_count(learner: str) -> None:
    """All of them, by the student's own numbers, however the id is written."""
    key = learner_of(learner)
    answers = {q.id: right_answer(quiz, q.id, key) for quiz in QUIZZES for q in quiz.questions}
    marks, remarks = mark_answers(sheet(learner.upper(), answers), QUIZZES, learner)
    assert [(m.questions, m.answered, m.right) for m in marks] == [(12, 12, 12)] * 12
    assert remarks == ()


def test_the_answers_of_another_do_not_count() -> None:
    """Copied files are told of."""
    answers = {q.id: right_answer(QUIZZES[0], q.id, "s1") for q in QUIZZES[0].questions}
    marks, remarks = mark_answers(sheet("s1", answers), QUIZZES[:1], "s2")
    assert [(m.answered, m.right) for m in marks] == [(0, 0)]
    assert remarks == ("answers.json has the id “s1”, not “s2”: no answer counts",)


def test_a_student_may_give_any_id_of_theirs_on_the_roster(tmp_path: Path) -> None:
    """Canvas and Moodle name them by a number that no student knows. Questions are drawn by the id that was given."""
    roster = tmp_path / "roster.csv"
    roster.write_text('Student,ID,SIS User ID,SIS Login ID,Section\n"Lovelace, Ada",201,000123,ada,A\n')
    (ada,) = read_roster(roster).students
    assert ids_of(ada) == ("201", "000123", "ada")
    answers = {q.id: right_answer(QUIZZES[0], q.id, "ada") for q in QUIZZES[0].questions}
    marks, remarks = mark_answers(sheet("Ada", answers), QUIZZES[:1], *ids_of(ada))
    assert ([(m.answered, m.right) for m in marks], remarks) == ([(12, 12)], ())
    marks, remarks = mark_answers(sheet("eve", answers), QUIZZES[:1], *ids_of(ada))
    assert [m.answered for m in marks] == [0]
    assert remarks == ("answers.json has the id “eve”, not “201” or “000123” or “ada”: no answer counts",)


def test_what_can_not_be_read_is_a_remark_and_costs_nothing_else() -> None:
    """An option that was not offered, a line that is no answer, a question that was not asked."""
    first = QUIZZES[0]
    answers = {q.id: right_answer(first, q.id, "s1") for q in first.questions}
    chosen = next(q.id for q in first.questions if q.kind in CHOSEN)
    answers[chosen] = {"answer": "a", "chosen": ["none of these"]}
    answers["\x1b[31mred"] = {"answer": "1"}
    marks, remarks = mark_answers(sheet("s1", answers), [first], "s1")
    assert [(m.answered, m.right) for m in marks] == [(11, 11)]
    assert remarks == (
        f"answers.json: {chosen} of 01_activation: the answer can't be read and does not count",
        "answers.json answers \\x1b[31mred, which this assignment does not ask",
    )


def test_a_quiz_that_was_changed_after_its_release_is_told() -> None:
    """Other numbers would be marked than those that were asked."""
    first = QUIZZES[0]
    question = next(q for q in first.questions if q.parameters)
    asked = drawn.draw(question, "s1")
    answer = right_answer(first, question.id, "s1") | {"asked": asked.drawn_of(name for name, _ in question.parameters)}
    marks, remarks = mark_answers(sheet("s1", {question.id: answer}), [first], "s1")
    assert ([(m.answered, m.right) for m in marks], remarks) == ([(1, 1)], ())
    name, values = question.parameters[0]
    now = replace(question, parameters=((name, tuple(v for v in values if v != asked.values[name])),))
    changed = replace(first, questions=tuple(now if q is question else q for q in first.questions))
    marks, remarks = mark_answers(sheet("s1", {question.id: answer}), [changed], "s1")
    assert [(m.answered, m.right) for m in marks] == [(0, 0)]
    why = "asked with other numbers than now, and does not count; was the quiz changed after its release?"
    assert remarks == (f"answers.json: {question.id} of 01_activation: {why}",)


def test_no_file_is_no_answer() -> None:
    """And nothing to remark: `grade class` knows what is missing."""
    marks, remarks = mark_answers(None, QUIZZES[:1], "s1")
    assert ([(m.questions, m.answered, m.right) for m in marks], remarks) == ([(12, 0, 0)], ())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)
IDS = st.sampled_from([q.id for q in QUIZZES[0].questions])
LINES = st.text() | st.sampled_from(["a", "(1, 2)", "1e999", "-inf", "²", "1" * 499, "a b c d", "\ud800"])
ANSWERS = st.dictionaries(
    IDS | st.text(max_size=8), JSON | st.fixed_dictionaries({"answer": LINES, "chosen": st.lists(LINES, max_size=3)})
)


@given(st.binary() | JSON.map(lambda data: json.dumps(data).encode()))
def test_no_file_raises(data: bytes) -> None:
    """Any bytes, any JSON: marks for every quiz, none of them earned."""
    marks, remarks = mark_answers(data, QUIZZES[:1], "s1")
    assert [(m.answered, m.right) for m in marks] == [(0, 0)]
    assert len(remarks) == 1


@given(ANSWERS)
def test_no_answer_raises(answers: dict[str, Any]) -> None:
    """In a file that is one, whatever is answered; every remark can be written as UTF-8."""
    data = json.dumps({"format": 1, "release": "x", "learner": "s1", "answers": answers}).encode()
    marks, remarks = mark_answers(data, QUIZZES[:1], "s1")
    assert all(0 <= m.right <= m.answered <= m.questions for m in marks)
    assert all(remark.encode() and printable(remark) == remark for remark in remarks)


@pytest.mark.parametrize(
    "data", [b"", b"[" * 100_000, b"\xff\xfe", b'{"format": 1}', b"{}", b" " * 2_000_000, b"1" * 5000]
)
def test_what_is_no_sheet_is_told_apart(data: bytes) -> None:
    """Cut off, too deep, not text, too large."""
    with pytest.raises(NotASheet):
        Sheet.from_json(data)


@given(st.dictionaries(st.text(), st.builds(Given, st.text(), st.lists(st.text()).map(tuple))))
def test_a_sheet_is_what_was_written(answers: dict[str, Given]) -> None:
    """Whatever was typed."""
    written = Sheet("id", "s1", answers)
    assert Sheet.from_json(written.to_json()) == written


# The command


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """A release with a quiz of five questions."""
    root = write_course(tmp_path / "course")
    (root / "exercises" / CHAPTER / "quiz.toml").write_text(f"format = 1\n{ALL}", encoding="utf-8")
    done = grade(root, "release", "scaling", "--with-quizzes", "-o", str(tmp_path / "students"))
    assert done.returncode == 0, done.stderr
    return tmp_path / "students"


def quiz(folder: Path, lines: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `grade quiz` with these lines on a pipe."""
    return subprocess.run(
        ["grade", "quiz", *arguments],
        check=False,
        cwd=folder,
        env=environment(),
        input=lines,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def kept(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return found


def marked(folder: Path, learner: str) -> tuple[int, int, int, tuple[str, ...]]:
    """What the teacher's side makes of it, by the true quiz."""
    banks = quizzes(read_course(folder.parent / "course"))
    (mark,), remarks = mark_answers((folder / "answers.json").read_bytes(), banks, learner)
    return mark.questions, mark.answered, mark.right, remarks


def test_answers_are_recorded_left_resumed_changed_and_marked(students: Path) -> None:
    """The id is asked for once; nothing says whether an answer is right; the last one counts."""
    first = quiz(students, "S17\na\na b\nq\n")
    assert first.returncode == 0, first.stderr
    assert "Your student id" in first.stdout
    assert first.stdout.count("Recorded; it is marked at hand-in.") == 2
    assert not [word for word in ("Right", "right answer", "✓", "✗", "Only above 0") if word in first.stdout]
    assert (kept(students)["learner"], list(kept(students)["answers"])) == ("s17", ["step", "range"])
    second = quiz(students, "nonsense\n7\n-0.75\nbias\n")
    assert "Your student id" not in second.stdout
    assert "Question 3 of 5" in second.stdout
    assert "5 of 5 answered; they are marked at hand-in." in " ".join(second.stdout.split())
    third = quiz(students, "\n\n\n\nweight\n", "--review")
    assert "Your answer so far: bias" in third.stdout
    assert kept(students)["answers"]["word"] == {"answer": "weight", "chosen": [], "asked": {}}
    assert list(kept(students)["answers"]) == ["step", "range", "iterations", "theta", "word"]
    total, answered, right, remarks = marked(students, "s17")
    assert (total, answered, remarks) == (5, 5, ())
    quiz(students, "\n\n\n\nbias\n", "--review")
    assert marked(students, "s17")[2] == right + 1
    assert "5 of 5 answered" in grade(students, "list").stdout


def test_a_right_sheet_from_the_command_is_all_right(students: Path) -> None:
    """What a student sees is what is marked."""
    bank = quizzes(read_course(students.parent / "course"))[0]
    (shown,) = read_quizzes(students)
    lines = []
    for question in shown.questions:
        answer = right_answer(bank, question.id, "s1")
        options = [option.text for option in keyless.draw(question, "s1").options]
        lines.append(" ".join("abcdefgh"[options.index(text)] for text in answer.get("chosen", [])) or answer["answer"])
    done = quiz(students, "\n".join(["s1", *lines]) + "\n")
    assert done.returncode == 0, done.stderr
    assert marked(students, "S1") == (5, 5, 5, ())


def test_another_id_is_refused_once_there_are_answers(students: Path) -> None:
    """Its numbers would be others."""
    assert quiz(students, "a\nq\n", "--learner", "s1").returncode == 0
    done = quiz(students, "", "--learner", "s2")
    assert done.returncode == 2
    assert "holds 1 answer of 's1'" in done.stderr
    assert kept(students)["learner"] == "s1"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 2}'])
def test_a_spoilt_file_is_told_and_stays(students: Path, text: str) -> None:
    """It may hold somebody's work."""
    (students / "answers.json").write_text(text, encoding="utf-8")
    done = quiz(students, "s1\na\n")
    assert done.returncode == 2
    assert "move it away, then `grade quiz` begins a new one" in done.stderr
    assert (students / "answers.json").read_text(encoding="utf-8") == text


def test_a_release_without_quizzes_says_so(tmp_path: Path) -> None:
    """0, and no file."""
    root = write_course(tmp_path / "course")
    grade(root, "release", "scaling", "-o", str(tmp_path / "students"))
    done = quiz(tmp_path / "students", "s1\n")
    assert (done.returncode, done.stdout) == (0, "This assignment has no quizzes.\n")
    assert not (tmp_path / "students" / "answers.json").exists()


def test_an_assignment_may_be_of_quizzes_alone(tmp_path: Path) -> None:
    """The settings then need no list of exercises, and there is nothing to watch."""
    root, students = write_course(tmp_path / "course"), tmp_path / "students"
    (root / "exercises" / CHAPTER / "quiz.toml").write_text(f"format = 1\n{SINGLE}", encoding="utf-8")
    (root / "hw.toml").write_text(f'format = 1\ntitle = "x"\nquizzes = ["{CHAPTER}"]\n', encoding="utf-8")
    done = grade(root, "release", "--settings", "hw.toml", "-o", str(students))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Answers of s1. 1 question." in quiz(students, "s1\n").stdout
    done = grade(students)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No exercises were graded.\n\n→ This assignment has no exercises; `grade quiz` asks its q" in done.stdout
    done = grade(students, "watch")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "This assignment has no exercises; `grade quiz` asks its questions.\n"


def test_a_quiz_that_is_not_there_can_not_be_asked_for(tmp_path: Path) -> None:
    """By the settings."""
    root = write_course(tmp_path / "course")
    (root / "hw.toml").write_text(
        f'format = 1\ntitle = "x"\nquizzes = ["{CHAPTER}"]\nexercise = []\n', encoding="utf-8"
    )
    done = grade(root, "release", "--settings", "hw.toml", "-o", str(tmp_path / "students"))
    assert done.returncode == 2
    assert f"{CHAPTER} has no quiz" in done.stderr
