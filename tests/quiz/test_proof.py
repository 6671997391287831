"""What `grade verify` sees of a quiz: every key is run, every wrong answer tried, over all draws."""

from pathlib import Path

import pytest

from grader.author.quizzes import quiz_findings

from .questions import ALL, CODE, INTERVAL, NUMERIC, SHAPE, SHORT, SINGLE, quiz_of


def findings(folder: Path, text: str) -> list[str]:
    """What is found in a question, beside that it is alone."""
    found = list(quiz_findings(quiz_of(folder, text)))
    assert found[0] == "01_first/quiz.toml: 1 questions; write 6 or more"
    return found[1:]


def test_more_draws_than_can_be_proven_are_found(tmp_path: Path) -> None:
    """A key that is wrong in the last of them would be met by a learner first."""
    many = ", ".join(map(str, range(1, 402)))
    text = NUMERIC.replace("n = [100, 60000], b = [50, 64]", f"n = [{many}], b = [2, 3]").replace("n % b or ", "")
    assert findings(tmp_path, text.replace("n == 100", "n > 0")) == [
        "01_first/quiz.toml: iterations: more than 400 draws, which are as many as are proven; list fewer values"
    ]


def test_sound_questions_have_no_finding(tmp_path: Path) -> None:
    """One of each kind."""
    assert list(quiz_findings(quiz_of(tmp_path, *ALL.values()))) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        (SINGLE, "u = [-1, -2, -3]", "u = [-1, 0]", ["two options read '0'", "u = 0", "exclude the draw"]),
        (NUMERIC, "len(range(0, n, b))", "n // b", ["the program finds 1", "the key says 2", "n = 100, b = 64"]),
        (NUMERIC, 'answer = "n * b"', 'answer = "b - 62"', ["'2.0' is right, too", "b = 64", "exclude the draw"]),
        (NUMERIC, "n % b or n == 100", "n < b", ["fulfilled by no draw", "loosen"]),
        (NUMERIC, "ceil(n / b)", "n / 0", ["ZeroDivisionError", "mend it"]),
        (
            NUMERIC,
            "answer = len(range(0, n, b))",
            "answer = 1 / 0",
            ["its program ends with ZeroDivisionError", "mend"],
        ),
        (NUMERIC, "answer = len(range(0, n, b))", "raise SystemExit", ["its program ends with SystemExit", "mend it"]),
        (NUMERIC, "answer = len(range(0, n, b))", "count = 2", ["the program finds nan"]),
        (INTERVAL, "0.5 + answer <= 0", "0.5 + answer < 0", ["calls -0.5 wrong, and the interval does not", "mend"]),
        (INTERVAL, "is_right", "is_wrong", ["defines no function is_right"]),
        (INTERVAL, "0.5 + answer <= 0", "answer.none", ["is_right ends with AttributeError", "mend it"]),
        (NUMERIC, "len(range(0, n, b))", "'two'", ["leaves 'two' in `answer`, which is no number", "mend it"]),
        (NUMERIC, "len(range(0, n, b))", "np.array([2, 2])", ["which is no number", "n = 100, b = 50"]),
        (SHAPE, "np.zeros((D, 4))).shape", "np.zeros((D, 4)))", ["the program finds [[", "the key says"]),
        (SHAPE, "answer = (", "answer = ('a',) or (", ["the program finds ('a',)", "the key says"]),
        (SINGLE, "H({u}) = 0.", "H({u:.3q}) = 0.", ["'{u:.3q}' with u = -1", "mend it"]),
        (SHORT, 'answer = "weight"', 'answer = "Bias Term"', ["'Bias Term' is right, too"]),
        (CODE, "-0.5])", "-0.6])", ["the program prints '[ 0.2 -0.6] 1'", "the key says '[ 0.2 -0.5] 1'"]),
        (CODE, 'answer = "[{x}] 1"', 'answer = "[{x} -0.5] 1"', ["is right, too"]),
        (SHAPE, 'answer = "({N}, 4)"', 'answer = "({D}, 4)"', ["the program finds (2, 4)", "the key says '(3, 4)'"]),
        (SHAPE, 'answer = "(4, {N})"', 'answer = "4 by {N}"', ["can't be given", "mend it"]),
        (SHAPE, 'answer = "({N}, 4)"', 'answer = "{N} x 4"', ["'2 x 4' is no shape", "tuple"]),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, text: str, old: str, new: str, told: list[str]) -> None:
    """With the draw in which it shows, and what to do."""
    assert text.count(old) >= 1
    found = findings(tmp_path, text.replace(old, new, 1))
    assert found, "no finding"
    assert [part for part in told if part not in found[0]] == [], found
