"""Copies in disguise stand at the top of `grade similar`, whatever was renamed or laid out anew; others don't."""

import csv
import io
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.similar_files import ranges, to_csv, to_json
from grader.classroom.similar_page import to_html
from grader.classroom.similarity import (
    LEAST,
    MOST_CHARACTERS,
    MOST_IN_LINE,
    NOTICE,
    Alike,
    Excerpt,
    Pair,
    Work,
    _code,
    alike,
    pairs_of,
)
from grader.course import Course, bundled_root, read_course

from .command import grade, on_terminal, without_signs
from .similar_class import disguised, make_class, varied
from .small_course import write_course

STUB = '''\
import numpy as np


def mean_of_rows(table, weights=None):
    """Return the weighted mean of each row."""
    raise NotImplementedError
'''
ONE = '''\
import numpy as np


def mean_of_rows(table, weights=None):
    """Return the weighted mean of each row."""
    table = np.asarray(table, dtype=float)
    if weights is None:
        weights = np.ones(table.shape[1])
    if len(weights) != table.shape[1]:
        raise ValueError("as many weights as columns")
    total = 0.0
    for column, weight in enumerate(weights):
        total = total + weight * table[:, column]
    return total / np.sum(weights)


def spread(table):
    middle = mean_of_rows(table)[:, None]
    return np.sqrt(((table - middle) ** 2).sum(axis=1) / table.shape[1])
'''
COPY = '''\
import numpy as np
# my own work
def spread( x ) :
        m=mean_of_rows(x)[ : , None ]   # middle
        return np.sqrt( ((x-m)**2).sum(axis=1)
                        / x.shape[1] )

def mean_of_rows(x, w = None):
        """
        Weights the columns and returns the mean.
        """
        x = np.asarray(x, dtype = float,)
        if w is None: w = np.ones(x.shape[1])

        if len(w) != x.shape[1]:
                raise ValueError('weights!')
        s = 0.   # sum
        for i, a in enumerate(w):
                s = s + a*x[:, i]
        return s/np.sum(w)
'''
OTHER = """\
import numpy as np


def mean_of_rows(table, weights=None):
    if weights is None:
        return np.mean(table, axis=1)
    shares = np.array([w / sum(weights) for w in weights], dtype=np.float64)
    assert shares.size == np.shape(table)[-1], "one weight for each column"
    return np.dot(np.array(table), shares)


def spread(table):
    rows = [np.std(row) for row in table]
    return np.array(rows)
"""


def found(works: dict[str, str], given_texts: tuple[str, ...] = (STUB,), at_least: float = 0.8) -> list[Alike]:
    return alike("rows", [Work(*item) for item in works.items()], given_texts, at_least=at_least, most=100)


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(bundled_root())


def test_a_copy_is_found_whatever_was_renamed_moved_or_laid_out_anew() -> None:
    (pair,) = found({"ada": ONE, "bob": COPY, "cyd": OTHER})
    assert (pair.exercise, pair.first, pair.second) == ("rows", "ada", "bob")
    assert pair.share > 0.9
    assert pair.tokens > 100
    assert pair.others == 0


def test_the_lines_that_are_alike_are_told() -> None:
    (pair,) = found({"ada": ONE, "bob": COPY})
    one, copy = pair.excerpts
    assert one.text == ONE
    assert 13 in one.lines
    assert COPY.split("\n")[18].strip() == "s = s + a*x[:, i]"
    assert 19 in copy.lines
    assert not {1, 2, 3, 5} & set(one.lines), "what the stub has is nobody's own"
    assert {2, 11} & set(copy.lines) == set(), "comments and docstrings don't count"


def test_work_that_does_the_same_in_another_way_is_not_listed() -> None:
    assert found({"ada": ONE, "bob": OTHER}) == []


def test_the_stub_and_the_task_are_nobodys_own() -> None:
    assert found({"ada": STUB, "bob": STUB}) == []
    assert found({"ada": ONE, "bob": ONE}, (STUB, "Begin with this:\n\n```python\n" + ONE + "```\n")) == []
    assert len(found({"ada": ONE, "bob": ONE}, ())) == 1


def test_short_answers_are_not_listed() -> None:
    short = "import numpy as np\n\n\ndef softmax(x):\n    e = np.exp(x - x.max())\n    return e / e.sum()\n"
    assert len(_code(short).signs) < LEAST
    assert found({"ada": short, "bob": short}, ()) == []
    assert len(found({"ada": ONE, "bob": ONE}, ())) == 1


@pytest.mark.parametrize("line", ["    x[{0}] = x[{0}] + {0}\n", "    x += [{0}, {0}, {0}, {0}, {0}, {0}]\n"])
def test_equal_works_are_listed_however_often_they_repeat_themselves(line: str) -> None:
    """A table of numbers has few fingerprints, each of them many times."""
    text = "def f(x):\n" + "".join(line.format(number) for number in range(60)) + "    return x\n"
    (pair,) = found({"ada": text, "bob": text}, (), at_least=1)
    assert pair.share == 1


def test_repetitions_are_counted_in_the_shorter_work() -> None:
    """It is that one's own code of which a share stands in the other's, where it need not stand as often."""
    often, once = ("def f(x):\n" + "    x[0] = x[0] + 1\n" * times + "    return x\n" for times in (40, 4))
    longer = once + "\n\n" + ONE + "\n\n" + OTHER + "\n\n" + "".join(f"y{'.T' * n} = {n}\n" for n in range(25))
    assert len(_code(longer).signs) > len(_code(often).signs)
    for works in ({"ada": often, "bob": longer}, {"ada": longer, "bob": often}):
        (pair,) = found(works, (), at_least=1)
        assert pair.share == 1


def test_what_many_wrote_is_nobodys_own_in_a_large_class() -> None:
    rest = {f"u{n:02}": varied(ONE, random.Random(n)) for n in range(8)}
    for many, listed in ((9, True), (16, False)):
        works = {f"s{n:02}": OTHER for n in range(many)} | {"t1": COPY, "t2": COPY} | rest
        names = {(pair.first, pair.second) for pair in found(works, at_least=0.99)}
        assert ("t1", "t2") in names
        assert (("s00", "s01") in names) == listed


def test_the_rarer_stands_above_the_commoner() -> None:
    works = {f"s{n:02}": ONE for n in range(6)} | {"t1": OTHER, "t2": OTHER}
    works |= {f"u{n:02}": varied(ONE, random.Random(n)) for n in range(20)}
    first = found(works)[0]
    assert (first.first, first.second) == ("t1", "t2")


@pytest.mark.parametrize("name", ["conv2d", "k-means", "linear-regression", "mlp-forward"])
def test_other_right_solutions_of_the_course_are_not_above_a_copy(course: Course, name: str) -> None:
    exercise = course.find(name)
    assert exercise is not None
    sources = {path.stem: path.read_text("utf-8") for path in (exercise.reference, *exercise.rights)}
    copied = max(sources, key=lambda stem: len(sources[stem]))
    works = {**sources, "copy": disguised(sources[copied], random.Random(1))}
    pairs = found(works, (exercise.stub.read_text("utf-8"), exercise.readme.read_text("utf-8")), at_least=0.5)
    assert {pairs[0].first, pairs[0].second} == {"copy", copied}


def test_planted_copies_stand_above_everyone_else(course: Course) -> None:
    """A class of 60 whose solutions are varied ones of the course's; three more have copied, in disguise."""
    exercises = tuple(e for e in course.exercises if e.chapter in {"11_convolution", "12_clustering", "03_forward"})
    everyone = make_class(exercises, students=60, copies=3)
    pairs = []
    for exercise in exercises:
        works = [Work(student, sources[exercise.name]) for student, sources in everyone.items()]
        given_texts = (exercise.stub.read_text("utf-8"), exercise.readme.read_text("utf-8"))
        pairs += alike(exercise.name, works, given_texts, at_least=0.8, most=100)
    top = pairs_of(pairs, 3)
    assert {(pair.first, pair.second) for pair in top} == {(f"copy-{n}", f"s{n:03}") for n in range(3)}


def test_the_order_of_students_does_not_matter(course: Course) -> None:
    everyone = make_class(course.exercises[5:6], students=30, copies=2)
    works = [Work(student, sources[course.exercises[5].name]) for student, sources in everyone.items()]
    shuffled = random.Random(5).sample(works, len(works))
    one, other = (alike("x", some, (), at_least=0.5, most=40) for some in (works, shuffled))
    assert one == other
    assert one


def test_equal_in_every_process() -> None:
    """Sets of texts come in another order in each process."""
    program = (
        "from tests.test_similarity import *\n"
        "works = {f's{n}': varied(ONE, random.Random(n)) for n in range(20)}\n"
        "print([(p.first, p.second, p.share, p.rarity, p.others) for p in found(works, at_least=0.4)])\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=bundled_root(),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(bundled_root())},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_pairs_are_put_together_over_exercises() -> None:
    def one(exercise: str, names: str, rarity: float) -> Alike:
        excerpt = Excerpt("", ())
        return Alike(exercise, names[0], names[1], 0.9, 50, 0.0, rarity, (excerpt, excerpt))

    ones = [one("x", "ab", 5), one("x", "cd", 7), one("y", "ab", 6), one("y", "ef", 1)]
    pairs = pairs_of(ones, 2)
    assert [(pair.first, pair.second, pair.rarity) for pair in pairs] == [("a", "b", 11), ("c", "d", 7)]
    assert [alike.exercise for alike in pairs[0].alike] == ["y", "x"]


@given(st.text() | st.text(alphabet="\"'%{[:0 \n\\frb_match#()dex."))
def test_every_text_can_be_lexed(text: str) -> None:
    code = _code(text)
    assert len(code.signs) == len(code.lines)
    assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in code.lines)


@pytest.mark.parametrize("piece", [" \n", "{a[", "%0", "match ", "case _ ", "f'{x", "(", "\\", "0", "\r", "\x00"])
def test_hostile_texts_take_no_more_time_than_their_length_allows(piece: str) -> None:
    """Each of these would take a lexer hours at a million characters, if any of its patterns did."""
    program = f"""
from grader.classroom.similarity import _code
for text in ({piece!r} * 200_000, "\'\'\'" + ({piece!r} * 80 + "\\n") * 2_000):
    _code(text)
"""
    subprocess.run([sys.executable], input=program, text=True, timeout=60, check=True)


def test_a_work_that_is_cut_says_so() -> None:
    assert Work("ada", "x = 1\n" * MOST_CHARACTERS).is_cut
    assert Work("ada", "x" * MOST_IN_LINE + "y").is_cut
    assert not Work("bob", ONE).is_cut
    assert len(_code("x = 1\n" * MOST_CHARACTERS).lines) <= MOST_CHARACTERS


HOSTILE = "=cmd()|'\x1b[31m<script>alert(1)</script>\u202e"


def hostile_pairs() -> list[Pair]:
    pairs = pairs_of(found({HOSTILE: ONE + f"# {HOSTILE}\n", "bob": COPY + "</pre><script>"}), 10)
    assert len(pairs) == 1
    return pairs


def test_no_cell_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(hostile_pairs()).decode())))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1]) == 9
    assert rows[1][0].startswith("'=")
    assert "\x1b" not in rows[1][0]
    assert not any(re.fullmatch(r"\d+-\d+", cell) for cell in rows[1]), "a spreadsheet would see dates"


def test_json_says_lines_and_the_notice() -> None:
    document = json.loads(to_json(hostile_pairs()))
    assert document["notice"] == NOTICE
    (pair,) = document["pairs"]
    lines = hostile_pairs()[0].alike[0].excerpts[0].lines
    assert pair["alike"][0]["first_lines"] == [list(one) for one in ranges(lines)]


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_each_line_once(lines: set[int]) -> None:
    found_ranges = ranges(sorted(lines))
    assert [line for first, last in found_ranges for line in range(first, last + 1)] == sorted(lines)


def test_the_page_shows_both_works_and_escapes_what_students_wrote() -> None:
    page = to_html(hostile_pairs(), HOSTILE, [HOSTILE])
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert re.search(r"<mark><span class=\"number\">19</span> *s = s \+ a\*x\[:, i\]</mark>", page)
    assert page.count(NOTICE) >= 2
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page), "the page needs nothing else"


def test_a_page_of_no_pairs() -> None:
    assert "None." in to_html([], "Class", [])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a small course and the works of three students; two are alike."""
    write_course(tmp_path / "course")
    for student, text in {"ada": ONE, "bob": COPY, "cyd": OTHER}.items():
        (exercise,) = read_course(tmp_path / "course").exercises[:1]
        file = tmp_path / "handed-in" / student / "some" / exercise.file_name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "handed-in" / "dan").mkdir()
    return tmp_path


def test_the_command_lists_pairs_and_says_what_the_list_is(small: Path) -> None:
    done = grade(small, "similar", "handed-in", "--course", "course", "-o", "out/a.html", "-o", "a.csv", "-o", "a.json")
    assert done.returncode == 0, done.stderr
    assert "ada and bob" in done.stdout
    assert "cyd" not in done.stdout
    assert "the work of 4 students" in done.stdout
    assert "Nothing to compare was found of dan." in done.stdout
    assert "never a verdict" in " ".join(done.stdout.split())
    assert "<mark>" in (small / "out" / "a.html").read_text("utf-8")
    assert (small / "a.csv").read_bytes().count(b"\r\n") == 2
    assert json.loads((small / "a.json").read_text("utf-8"))["pairs"][0]["second"] == "bob"


def test_what_could_not_be_taken_is_named(tmp_path: Path) -> None:
    """Whoever is in no pair may simply not have been compared."""
    write_course(tmp_path / "course", "scaling", "moving")
    for student in ("ada", "bob"):
        folder = tmp_path / "handed-in" / student
        folder.mkdir(parents=True)
        (folder / "scaling.py").write_text(ONE, encoding="utf-8")
        (folder / "moving.py").write_text(ONE, encoding="utf-8")
    (folder / "moving.py").unlink()
    (folder / "moving.py").symlink_to("/dev/null")
    done = grade(tmp_path, "similar", "handed-in", "--course", "course", "--most", "1")
    words = " ".join(done.stdout.split())
    assert "not handed in or could not be taken: bob (moving)." in words
    assert "at most 1 pair." in words


@pytest.mark.parametrize("content", [None, b"# Gr\xf6\xdfe\n"])
def test_a_text_of_the_course_that_can_not_be_read_is_named(small: Path, content: bytes | None) -> None:
    """It is the course that has to be mended."""
    (exercise,) = read_course(small / "course").exercises
    exercise.readme.unlink()
    if content is not None:
        exercise.readme.write_bytes(content)
    done = grade(small, "similar", "handed-in", "--course", "course")
    assert done.returncode == 2
    assert "`grade verify scaling` tells more" in done.stderr


def test_the_same_twice_gives_the_same_bytes(small: Path) -> None:
    for name in ("a.html", "b.html"):
        grade(small, "similar", "handed-in", "--course", "course", "-o", name)
    assert (small / "a.html").read_bytes() == (small / "b.html").read_bytes()


def test_the_command_on_a_terminal_and_with_nothing_to_list(small: Path) -> None:
    code, text = on_terminal(small, "similar", "handed-in", "--course", "course", "--at-least", "1")
    assert code == 0
    assert "No pair of works is alike enough" in without_signs(text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("course/solutions",), "nothing"),
        (("handed-in", "-o", "a.txt"), "does not end in .html, .csv, .json"),
        (("handed-in", "--at-least", "80"), "80"),
        (("nowhere",), "nowhere"),
    ],
)
def test_wrong_usage_is_said(small: Path, arguments: tuple[str, ...], said: str) -> None:
    if said == "nothing":
        (small / "empty").mkdir()
        arguments, said = ("empty",), "no submissions in it"
    done = grade(small, "similar", *arguments, "--course", "course")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_helper_files_belong_to_the_work(small: Path) -> None:
    """Code moved to a file of its own is seen."""
    (exercise,) = read_course(small / "course").exercises[:1]
    for student, text in {"ada": ONE, "bob": COPY}.items():
        folder = small / "handed-in" / student / "some"
        (folder / exercise.file_name).write_text("from helper import *\n", encoding="utf-8")
        (folder / "helper.py").write_text(text, encoding="utf-8")
    done = grade(small, "similar", "handed-in", "--course", "course")
    assert "ada and bob" in done.stdout
