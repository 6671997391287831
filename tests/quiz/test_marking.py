"""Drawing and marking: whose numbers, which order, what is right, and what is said."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.course import bundled_root, read_course
from grader.errors import CourseError
from grader.quiz.bank import quizzes
from grader.quiz.drawn import LETTERS, Drawn, draw, scope_of
from grader.quiz.marking import NotAnAnswer, answer_of, is_close, mark, shown

from .questions import ALL, CODE, INTERVAL, MULTIPLE, NUMERIC, ORDER, SHAPE, SHORT, SINGLE, question_of


def drawn_of(folder: Path, text: str, learner: str = "ada") -> Drawn:
    return draw(question_of(folder, text), learner)


def letter(drawn: Drawn, text: str) -> str:
    """The letter under which an option is shown."""
    return next(name for name, option in zip(LETTERS, drawn.options, strict=False) if option.text == text)


# Drawing


@pytest.mark.parametrize("name", ALL)
def test_a_draw_is_the_same_each_time(tmp_path: Path, name: str) -> None:
    """A teacher who knows learner, question and turn sees what the learner saw."""
    question = question_of(tmp_path, ALL[name])
    assert draw(question, "ada", 1) == draw(question, "ada", 1)


def test_a_draw_never_changes_between_versions(tmp_path: Path) -> None:
    """Written down once: marks that were given must stay reproducible."""
    drawn = drawn_of(tmp_path, NUMERIC, "learner-3")
    assert drawn.values == {"n": 60000, "b": 64, "count": 938}
    assert "".join(letter(drawn_of(tmp_path, ORDER, "learner-3"), step) for step in ("NAND", "OR")) == "cb"


def test_learners_and_turns_have_their_own_numbers_and_orders(tmp_path: Path) -> None:
    """All draws occur, and all orders of the options."""
    question = question_of(tmp_path, SINGLE)
    seen = {(draw(question, f"learner {n}").prompt) for n in range(60)}
    assert seen == {"What is H(-1)?", "What is H(-2)?", "What is H(-3)?"}
    turns = {tuple(option.is_right for option in draw(question, "ada", turn).options) for turn in range(60)}
    assert len(turns) == 3


def test_only_draws_that_fulfil_the_condition_come(tmp_path: Path) -> None:
    """60000 samples in batches of 50 leave no short batch."""
    question = question_of(tmp_path, NUMERIC)
    pairs = [(drawn["n"], drawn["b"]) for drawn in scope_of(question).every()]
    assert pairs == [(100, 50), (100, 64), (60000, 64)]
    assert {(d["n"], d["b"]) for d in (draw(question, str(n)).values for n in range(60))} == set(pairs)


def test_a_condition_that_nothing_fulfils_is_told(tmp_path: Path) -> None:
    """Rather than asked for ever."""
    question = question_of(tmp_path, NUMERIC.replace("n % b or n == 100", "n < b"))
    with pytest.raises(CourseError, match="loosen it"):
        draw(question, "ada")


@pytest.mark.parametrize("expression", ["ceil(n / 0)", "unknown + b", "__import__('os')", "open('x')"])
def test_an_expression_that_breaks_is_told_with_its_values(tmp_path: Path, expression: str) -> None:
    """And has arithmetic alone at hand."""
    question = question_of(tmp_path, NUMERIC.replace("ceil(n / b)", expression))
    with pytest.raises(CourseError, match=r"with n = .*, b = .*; mend it"):
        draw(question, "ada")


# Marking


def test_one_option(tmp_path: Path) -> None:
    """A wrong one is answered with its sentence."""
    drawn = drawn_of(tmp_path, SINGLE)
    assert mark(drawn, letter(drawn, "0").upper()).right
    marked = mark(drawn, letter(drawn, str(drawn.values["u"])))
    assert (marked.right, marked.said) == (False, ("That is the identity.",))
    assert answer_of(drawn) == "0"


@pytest.mark.parametrize(("tolerance", "shown"), [("0.0006", "0.667"), ("0.0002", "0.6667"), ("0.006", "0.67")])
def test_a_number_is_shown_as_it_was_asked_for(tmp_path: Path, tolerance: str, shown: str) -> None:
    """Not with more decimals than the tolerance lets one see; what is shown is itself a right answer."""
    text = NUMERIC.replace("ceil(n / b)", "2 / 3").replace("program =", f"tolerance = {tolerance}\nprogram =")
    drawn = drawn_of(tmp_path, text)
    assert answer_of(drawn) == shown
    assert mark(drawn, shown).right


def test_several_options_are_all_or_nothing(tmp_path: Path) -> None:
    """Each wrong choice is told with its sentence, and what was left out."""
    drawn = drawn_of(tmp_path, MULTIPLE)
    low, free, wrong = (letter(drawn, t) for t in ("sigmoid is below 1", "ReLU has no limit", "ReLU is below 1"))
    assert mark(drawn, f"{free}{low}").right
    assert mark(drawn, f" {low}, {free} ").right
    said = mark(drawn, f"{low} {wrong}").said
    assert said == ("ReLU is below 1: ReLU(7) = 7.", "ReLU has no limit: this one is right, too.")


@pytest.mark.parametrize("line", ["938", "938.0", "9.38e2", " 938 ", "+938", "938.0000001"])
def test_a_number_in_any_writing(tmp_path: Path, line: str) -> None:
    """Up to rounding where no tolerance is given."""
    assert mark(drawn_of(tmp_path, NUMERIC, "learner-3"), line).right


def test_a_wrong_number(tmp_path: Path) -> None:
    """One that was foreseen gets its sentence."""
    drawn = drawn_of(tmp_path, NUMERIC, "learner-3")
    assert mark(drawn, "3840000").said == ("Divide.",)
    assert mark(drawn, "937.5") == mark(drawn, "inf")
    assert not mark(drawn, "937.5").right


def test_a_foreseen_infinity_is_no_other_number(tmp_path: Path) -> None:
    """Only who types it gets its sentence."""
    drawn = drawn_of(tmp_path, NUMERIC.replace('"n * b"', "\"float('inf')\""), "learner-3")
    assert mark(drawn, "inf").said == ("Divide.",)
    assert mark(drawn, "7").said == ()


def test_a_large_right_number_is_shown_with_its_digits(tmp_path: Path) -> None:
    """A million is no 1e+06."""
    assert answer_of(drawn_of(tmp_path, NUMERIC.replace("ceil(n / b)", "1000000 + n - n"), "learner-3")) == "1000000"


@given(st.floats(allow_nan=False), st.sampled_from([0.0, 1e-9, 0.0006]))
@example(1234567.5, 0.0)
@example(1 / 3, 0.0)
@example(1e22, 0.0)
def test_a_number_that_is_shown_would_be_marked_right(number: float, tolerance: float) -> None:
    """Whatever its size."""
    assert is_close(float(shown(number, tolerance)), number, tolerance)


@pytest.mark.parametrize(
    ("number", "text"),
    [(938.0, "938"), (0.1 + 0.2, "0.3"), (1e6, "1000000"), (-1234567.5, "-1234567.5"), (1e-7, "1e-07")],
)
def test_a_number_is_shown_as_one_would_write_it(number: float, text: str) -> None:
    """All digits before the point, and no more behind it than count."""
    assert shown(number, 0.0) == text


@pytest.mark.parametrize(
    ("line", "right"), [("-1", False), ("-0.999", True), ("-0.5", True), ("-0.4999", False), ("-0.75", True)]
)
def test_an_interval_with_its_ends(tmp_path: Path, line: str, right: bool) -> None:
    """A round bracket leaves the end out."""
    assert mark(drawn_of(tmp_path, INTERVAL), line).right is right


@pytest.mark.parametrize("line", ["bias", " BIAS ", "Bias term", "bias  term", "biasterm", "bias."])
def test_words_without_regard_to_case_and_spaces(tmp_path: Path, line: str) -> None:
    """As they are spoken."""
    assert mark(drawn_of(tmp_path, SHORT), line).right


def test_a_wrong_word(tmp_path: Path) -> None:
    """One that was foreseen gets its sentence; no word is a pattern."""
    drawn = drawn_of(tmp_path, SHORT)
    assert mark(drawn, "Weight").said == ("Weights belong to inputs.",)
    assert mark(drawn, ".*") == mark(drawn, "bia")
    assert not mark(drawn, ".*").right


def test_an_order_and_another_that_is_right_as_well(tmp_path: Path) -> None:
    """The first step that is out of place is told."""
    drawn = drawn_of(tmp_path, ORDER)
    nand, either, last = (letter(drawn, step) for step in ("NAND", "OR", "AND of both"))
    assert mark(drawn, f"{nand}{either}{last}").right
    assert mark(drawn, f"{either} {nand} {last}").right
    assert mark(drawn, f"{nand}{last}{either}").said == ('"AND of both" does not come at place 2.',)


@pytest.mark.parametrize("line", ["[ 0.2 -0.5] 1", "[0.2 -0.5] 1", "[0.2   -0.5]  1"])
def test_what_a_program_prints_whatever_the_spaces(tmp_path: Path, line: str) -> None:
    """NumPy aligns columns; nobody counts blanks."""
    drawn = drawn_of(tmp_path, CODE, "learner 2")
    assert drawn.values == {"x": 0.2}
    assert drawn.program.splitlines()[1] == 'print(np.array([0.2, -0.5]), "{}".format(1))'
    assert mark(drawn, line).right
    assert not mark(drawn, line.replace("0.2", "0.3")).right


@pytest.mark.parametrize("line", ["(5, 4)", "5, 4", "(5,4)", "5x4", "5 4"])
def test_a_shape_in_any_writing(tmp_path: Path, line: str) -> None:
    """The numbers count."""
    drawn = next(d for d in (drawn_of(tmp_path, SHAPE, str(n)) for n in range(20)) if d.values["N"] == 5)
    assert mark(drawn, line).right
    assert mark(drawn, "(4, 5)").said == ("Rows stay rows.",)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        *((name, "") for name in ALL),
        *((name, "x" * 501) for name in ALL),
        ("single", "z"),
        ("single", "ab"),
        ("single", "0"),
        ("multiple", "aa"),
        ("order", "ab"),
        ("order", "aab"),
        ("numeric", "many"),
        ("numeric", "nan"),
        ("numeric", "0,5"),
        ("shape", "five by four"),
    ],
)
def test_a_line_that_can_be_no_answer_is_not_marked(tmp_path: Path, name: str, line: str) -> None:
    """It says how an answer is given, and counts as none."""
    with pytest.raises(NotAnAnswer, match="type"):
        mark(drawn_of(tmp_path, ALL[name]), line)


def test_as_many_decimals_as_the_course_asks_for_count() -> None:
    """What is a whole last place off is not right."""
    places = {"one decimal": 1, "two decimals": 2, "three decimals": 3, "four decimals": 4}
    asked = [question for quiz in quizzes(read_course(bundled_root())) for question in quiz.questions]
    found = {question: re.search(r", to (\w+ decimals?)", question.prompt) for question in asked}
    counted = [(question, places[text[1]]) for question, text in found.items() if text]
    assert len(counted) > 5
    assert [question.id for question, most in counted if question.tolerance >= 10**-most] == []
