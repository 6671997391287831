"""Words of the field lead to the exercise that explains them: in a verdict, in hints, on the page."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.author.files import course_findings
from grader.course import Course, bundled_root, read_course
from grader.errors import CourseError
from grader.report.html import to_html
from grader.report.terminal import to_terminal
from grader.result import CheckResult, ExerciseResult, Misconception, Outcome, Report, Run, SandboxLevel
from grader.terms import Term, first_uses

from . import small_course
from .command import grade

TERMS = tuple(
    Term(text, exercise, "01_first", later=exercise == "softmax")
    for text, exercise in (("batch", "affine"), ("mini-batch", "batches"), ("bias", "gates"), ("softmax", "softmax"))
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One maximum for the whole batch.", ["batch"]),
        ("Mini-batches, not batches: one bias, two biases.", ["mini-batch", "batch", "bias"]),
        ("Unbiased batching of batch_size, batch(x) and x.batch in softmax-with-loss.", []),
        ("", []),
    ],
)
def test_whole_words_are_found_in_any_number(text: str, found: list[str]) -> None:
    """Not parts of words or of names in code; the longer term where two stand at one place; each once, in order."""
    assert [term.text for term in first_uses(TERMS, [text, text])] == found


def _result(name: str, feedback: str, terms: tuple[Term, ...] = TERMS) -> ExerciseResult:
    misconception = Misconception("wrong", "a mistake", feedback)
    check = CheckResult("test_it", "It is right.", Outcome.FAILED, core=True, misconception=misconception)
    return ExerciseResult(name, name.title(), "01_first", "First", f"{name}.py", 10, (check,), terms=terms)


def _report(*results: ExerciseResult) -> Report:
    return Report("A course", results, Run(SandboxLevel.PROCESS))


def _closing(result: ExerciseResult) -> list[str]:
    text = to_terminal(_report(result), width=110, colour=False)
    return [line for line in text.splitlines() if "Explained earlier" in line]


def test_a_verdict_closes_with_where_its_words_are_explained() -> None:
    """Only words of earlier exercises, and two of them at most."""
    assert _closing(_result("last", "The bias is one for the whole batch, as is softmax.")) == [
        "│ Explained earlier: bias in 01_first/gates and batch in 01_first/affine."
    ]
    assert _closing(_result("last", "A mini-batch, a batch and a bias.")) == [
        "│ Explained earlier: mini-batch in 01_first/batches and batch in 01_first/affine."
    ]
    assert not _closing(_result("last", "Softmax comes later."))
    assert not _closing(_result("last", "The bias.", terms=()))


def test_the_page_links_the_first_use() -> None:
    """A link for each term, to an exercise that is on the page, before or after; nothing of a text is lost."""
    page = to_html(
        _report(_result("gates", "x"), _result("last", "A <b>bias</b>, a bias, a batch."), _result("softmax", "x"))
    )
    assert page.count('<a href="#exercise-gates">') == 1
    assert 'A &lt;b&gt;<a href="#exercise-gates">bias</a>&lt;/b&gt;, a bias, a batch.' in page
    assert "#exercise-affine" not in page


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of three exercises, whose second explains the product."""
    small_course.write_course(tmp_path, "first", "second", "third")
    _settings(tmp_path, "second", 'explains = ["product"]\n')
    small_course.change(tmp_path / "exercises/01_first/second/README.md", "every value", "the product: every value")
    return tmp_path


def _settings(root: Path, name: str, line: str) -> None:
    path = root / "exercises" / "01_first" / name / "exercise.toml"
    small_course.change(path, "\n[limits]", f"{line}\n[limits]")


def test_each_exercise_knows_what_the_others_explain(root: Path) -> None:
    first, second, third = read_course(root).exercises
    product = Term("product", "second", "01_first")
    assert (first.terms, second.terms, third.terms) == ((replace(product, later=True),), (), (product,))


def test_no_two_exercises_explain_one_term(root: Path) -> None:
    _settings(root, "third", 'explains = ["Product"]\n')
    with pytest.raises(CourseError, match=re.escape("third/exercise.toml: explains holds 'Product'")):
        read_course(root)


def _findings(root: Path) -> list[str]:
    return list(course_findings(read_course(root)))


def test_a_term_stands_where_it_is_explained_and_is_used_elsewhere(root: Path) -> None:
    """`teaches` of all three says "product"."""
    assert not _findings(root)
    for name in ("first", "third"):
        path = root / "exercises" / "01_first" / name / "exercise.toml"
        small_course.change(path, "A product for", "One step for")
    (finding,) = _findings(root)
    assert finding.startswith("second/exercise.toml: explains 'product', which no other exercise says")
    small_course.change(root / "exercises/01_first/second/README.md", "the product: ", "")
    assert [f for f in _findings(root) if "README.md never says it" in f]


def test_hints_close_with_where_their_words_are_explained(root: Path) -> None:
    path = root / "exercises" / "01_first" / "third" / "exercise.toml"
    small_course.change(path, "Which operation scales?", "Which product scales?")
    assert "Explained earlier: product in 01_first/second." in grade(root, "hint", "third").stdout
    assert "Explained earlier" not in grade(root, "hint", "second").stdout


@pytest.fixture(scope="module")
def bundled() -> Course:
    return read_course(bundled_root())


def test_the_bundled_course_explains_its_words(bundled: Course) -> None:
    said = {term.text for term in bundled.exercises[-1].terms}
    assert {"softmax", "gradient", "epoch", "bias", "one-hot", "learning rate"} <= said
