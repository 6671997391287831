"""The QTI package, unzipped and read as XML: each question of the course, and any text."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings

from grader.quiz.bank import Kind
from grader.quiz.export import DrawnQuiz, Form, Item, Losses, as_choice, draw_class
from grader.quiz.marking import is_close
from grader.quiz.qti import qti

from .exported import drawn_course, drawn_question, lines, squeezed, texts
from .gift_reader import shown
from .questions import INTERVAL, NUMERIC, ORDER, SINGLE, quiz_of

_NS = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
_TYPES = {
    Form.CHOICE: "multiple_choice_question",
    Form.CHOICES: "multiple_answers_question",
    Form.TEXT: "short_answer_question",
    Form.NUMBER: "numerical_question",
}


class QtiItem:
    """One item, as Canvas reads it."""

    def __init__(self, element: ET.Element) -> None:
        self._element = element
        self.name = element.attrib["title"]
        fields = element.findall(".//q:qtimetadatafield", _NS)
        self.meta = {self._text(f, "q:fieldlabel"): self._text(f, "q:fieldentry") for f in fields}
        prompt, self.program = shown(self._text(element, "q:presentation/q:material/q:mattext"))
        self.prompt = prompt.strip("\n")  # between two paragraphs
        self.feedback = {
            one.attrib["ident"]: shown(self._text(one, ".//q:mattext"))[0]
            for one in element.findall("q:itemfeedback", _NS)
        }
        labels = element.findall(".//q:render_choice/q:response_label", _NS)
        self.options = {one.attrib["ident"]: shown(self._text(one, ".//q:mattext"))[0] for one in labels}
        self.key = next(
            one for one in element.findall(".//q:respcondition", _NS) if one.find("q:setvar", _NS) is not None
        )

    @staticmethod
    def _text(element: ET.Element, path: str) -> str:
        return element.findtext(path, "", _NS)

    @property
    def right(self) -> set[str]:
        """The options that must be chosen; those that must not are all others."""
        assert self._text(self.key, "q:setvar") == "100"
        no = {one.text for one in self.key.findall(".//q:not/q:varequal", _NS)}
        yes = {one.text for one in self.key.findall(".//q:varequal", _NS)} - no
        assert no in (set(), set(self.options) - yes)
        return {self.options[name] for name in yes if name}

    @property
    def accepted(self) -> list[str]:
        return [one.text or "" for one in self.key.findall(".//q:varequal", _NS)]

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        low, high = self._text(self.key, ".//q:vargte"), self._text(self.key, ".//q:varlte")
        return Decimal(low), Decimal(high)

    def why(self, option: str) -> str:
        """The sentence for an option."""
        name = next(name for name, text in self.options.items() if text == option)
        return self.feedback.get(f"{name}_fb", "")


def read(quiz: DrawnQuiz) -> tuple[list[list[QtiItem]], dict[str, list[str]]]:
    """The groups of items; an item outside a group is one of its own."""
    losses = Losses()
    with zipfile.ZipFile(io.BytesIO(qti(quiz, losses))) as package:
        manifest = ET.fromstring(package.read("imsmanifest.xml"))
        hrefs = [one.attrib["href"] for one in manifest.iter() if one.tag.endswith("}file")]
        assert set(hrefs) <= set(package.namelist())
        assessment = ET.fromstring(package.read(hrefs[0]))
        meta = package.read(hrefs[1]).decode()
    assert "<shuffle_answers>true</shuffle_answers>" in meta
    root = assessment.find("q:assessment/q:section", _NS)
    assert root is not None
    groups = []
    for one in root:
        if one.tag.endswith("}item"):
            groups.append([QtiItem(one)])
        else:
            assert one.findtext(".//q:selection_number", "", _NS) == "1"
            groups.append([QtiItem(item) for item in one.findall("q:item", _NS)])
    assert f"<points_possible>{len(groups)}.0<" in meta
    return groups, losses.found


def read_text(folder: Path, text: str, variants: int = 1) -> tuple[list[list[QtiItem]], dict[str, list[str]]]:
    return read(draw_class(quiz_of(folder, text), "course", "Title", "class", variants))


@pytest.mark.parametrize("variants", [1, 4])
def test_every_question_of_the_course_comes_back(variants: int) -> None:
    """The same prompt, program, options, sentences, key and explanation; one of each question's variants is picked."""
    for quiz in drawn_course(variants):
        groups, losses = read(quiz)
        assert [[i.name for i in group] for group in groups] == [[i.name for i in group] for group in quiz.groups]
        assert not any(sentence.startswith("left out") for sentence in losses)
        chosen = {name for sentence, names in losses.items() if sentence.startswith("as a choice") for name in names}
        for item, found in zip((i for g in quiz.groups for i in g), (i for g in groups for i in g), strict=True):
            assert (found.prompt, found.program) == (item.drawn.prompt, item.drawn.program)
            assert found.feedback["general_fb"] == item.drawn.explanation
            assert found.meta["points_possible"] == "1"
            check_answer(item, found, chosen)


def check_answer(item: Item, found: QtiItem, chosen: set[str]) -> None:
    """The key, by the form that the question has got."""
    kind = found.meta["question_type"]
    if kind != _TYPES.get(item.form):
        assert item.drawn.question.id in chosen
        choice = as_choice(item)
        assert choice is not None
        item = choice
    assert kind == _TYPES[item.form]
    if item.form in (Form.CHOICE, Form.CHOICES):
        assert found.right == set(item.right)
        assert {text: found.why(text) for text in found.options.values()} == {o.text: o.why for o in item.options}
        return
    if item.wrong:
        told = "\n".join(f"{option.text}: {option.why}" for option in item.wrong)
        assert found.feedback["general_incorrect_fb"] == told
    if item.form is Form.TEXT:
        assert tuple(found.accepted) == item.right
    else:
        check_number(item, found)


def check_number(item: Item, found: QtiItem) -> None:
    """Canvas rounds to four decimals: every such number near the ends is judged as here."""
    drawn = item.drawn
    low, high = found.bounds
    assert low <= high
    for end in (low, high):
        for steps in range(-12, 13):
            number = end + steps * Decimal("0.0001")
            if drawn.interval:
                right = drawn.interval.holds(float(number))
            else:
                assert drawn.number is not None
                tolerance = drawn.question.tolerance
                right = is_close(float(number), drawn.number, tolerance) and (steps == 0 or bool(tolerance))
            assert (low <= number <= high) == right, (item.name, number)


@settings(max_examples=60)
@given(texts, texts, texts, texts, texts)
def test_any_text_of_a_choice_survives(prompt: str, right: str, wrong: str, why: str, explanation: str) -> None:
    """Signs of Markdown, of LaTeX, of HTML and of text2qti's own lines, and line breaks."""
    options = (f"a{right}", f"b{wrong}")
    ((item,),), _ = read(drawn_question(Kind.MULTIPLE, prompt, options[:1], [(options[1], why)], explanation))
    assert (item.prompt, item.feedback["general_fb"]) == (lines(prompt), lines(explanation))
    assert item.right == {lines(options[0])}
    assert {text: item.why(text) for text in item.options.values()} == {
        lines(options[0]): "",
        lines(options[1]): lines(why),
    }


@settings(max_examples=60)
@given(texts, texts)
@example("0", ",")  # all of whose writings are alike but for spaces at an end
def test_any_program_and_any_typed_text_survive(program: str, right: str) -> None:
    """What is typed is plain text."""
    ((item,),), _ = read(drawn_question(Kind.CODE, program, (right,), [], right))
    assert item.program == lines(program)
    assert item.accepted[0] == squeezed(right)


def number_of(folder: Path, value: str, tolerance: float) -> tuple[str, tuple[Decimal, Decimal] | None]:
    """The type of a question for a number, and its bounds."""
    text = NUMERIC.replace("ceil(n / b)", f"n * 0 + {value}").replace(
        'program = "a', f'tolerance = {tolerance}\nprogram = "a'
    )
    ((item,),), _ = read_text(folder, text)
    kind = item.meta["question_type"]
    return kind, item.bounds if kind == "numerical_question" else None


@pytest.mark.parametrize(
    ("value", "tolerance", "bounds"),
    [
        ("938", 0.0, ("938", "938")),
        ("1000000", 0.0, ("1000000", "1000000")),
        ("0.1 + 0.2", 0.0, ("0.3", "0.3")),
        ("0.62246", 0.0006, ("0.6219", "0.6230")),
        ("-0.25", 1e-9, ("-0.25", "-0.25")),
        ("0.0009765625", 0.00006, ("0.001", "0.001")),
        ("0", 0.0, None),
        ("0.00001", 0.0, None),
        ("1 / 3", 0.0, None),
        ("inf", 0.0, None),
    ],
)
def test_a_number_keeps_its_key_or_becomes_a_choice(
    tmp_path: Path, value: str, tolerance: float, bounds: tuple[str, str] | None
) -> None:
    """Of four decimals, and of a size that text2qti takes."""
    kind, found = number_of(tmp_path, value, tolerance)
    assert kind == ("numerical_question" if bounds else "multiple_choice_question")
    assert found == (bounds and tuple(map(Decimal, bounds)))


def test_an_open_end_does_not_belong_to_an_interval(tmp_path: Path) -> None:
    """The next number of four decimals does."""
    ((item,),), _ = read_text(tmp_path, INTERVAL)
    assert item.bounds == (Decimal("-0.9999"), Decimal("-0.5"))


def test_what_can_be_no_choice_is_named(tmp_path: Path) -> None:
    """An order of which all are right, an interval without an end."""
    both = ORDER.replace(', "AND of both"', "").replace("[2, 1, 3]", "[2, 1]")
    groups, losses = read_text(tmp_path, both + INTERVAL.replace("-0.5]", "inf)") + SINGLE)
    assert [item.name for (item,) in groups] == ["step"]
    assert losses["left out: QTI has no form for it"] == ["xor", "theta"]


def test_two_questions_of_the_same_text_are_both_there(tmp_path: Path) -> None:
    """text2qti alone would refuse the second."""
    again = SINGLE.replace('"step"', '"again"').replace("{u}", "u").replace("parameters = { u = [-1, -2, -3] }\n", "")
    once = again.replace('"again"', '"once"').replace("Only above 0.", "No.")
    groups, _ = read_text(tmp_path, again + once)
    assert [item.prompt for (item,) in groups] == ["What is H(u)?"] * 2


def test_the_package_holds_no_date_of_its_making(tmp_path: Path) -> None:
    """So that equal questions make equal bytes."""
    quiz = draw_class(quiz_of(tmp_path, SINGLE), "course", "Title", "class", 1)
    data = qti(quiz, Losses())
    assert data == qti(quiz, Losses())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        manifest = package.read("imsmanifest.xml").decode()
        assert {entry.date_time[0] for entry in package.infolist()} == {2020}
    assert date.today().isoformat() not in manifest
    assert re.search(r"<imsmd:dateTime>2020-01-01<", manifest)
