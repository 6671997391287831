"""A strict reader of GIFT, after the format's documentation in Moodle's manual; it shares nothing with the writer.

It refuses what Moodle would guess at: a lone backslash, a bare `*` in a typed answer, a question that ends anywhere but
at its `}`.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_ESCAPES = {**{sign: sign for sign in "\\~=#{}:"}, "n": "\n"}
_FORMATS = ("html", "markdown", "plain", "moodle")
_SPACE = " \t\n\r\0\x0b"  # what is trimmed


@dataclass
class Answer:
    """What can be answered, with its percentage and its feedback, if any."""

    text: str
    percent: float
    feedback: str = ""


@dataclass
class GiftQuestion:
    """One question as it would stand in the question bank."""

    category: str
    name: str
    kind: str = ""  # multichoice, multichoice with several, shortanswer, numerical, match
    prompt: str = ""
    program: str = ""
    general: str = ""
    answers: list[Answer] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


class _Text:
    """A text with its escapes read. `signs`: with a full stop for each that was escaped."""

    def __init__(self, text: str, signs: str) -> None:
        self.text, self.signs = text, signs

    @classmethod
    def read(cls, raw: str) -> "_Text":
        text, signs, rest = "", "", iter(raw)
        for sign in rest:
            escaped = next(rest, "") if sign == "\\" else ""
            text += _ESCAPES[escaped] if sign == "\\" else sign
            signs += "." if sign == "\\" else sign
        return cls(text, signs)

    def __getitem__(self, where: slice) -> "_Text":
        return _Text(self.text[where], self.signs[where])

    def trimmed(self) -> "_Text":
        start = len(self.text) - len(self.text.lstrip(_SPACE))
        return self[start : len(self.text.rstrip(_SPACE)) or start]

    def cut(self, sign: str) -> tuple["_Text", "_Text | None"]:
        """Before and after the first such sign."""
        at = self.signs.find(sign)
        return (self, None) if at < 0 else (self[:at], self[at + len(sign) :])

    def split(self, pattern: str) -> list["_Text"]:
        """The pieces that begin with such a sign each; nothing may stand before the first."""
        starts = [found.start() for found in re.finditer(pattern, self.signs)]
        assert starts[0] == 0, self.signs
        return [self[a:b] for a, b in zip(starts, [*starts[1:], len(self.text)], strict=True)]


def read_gift(text: str) -> list[GiftQuestion]:
    """The questions of a file, in their order."""
    questions: list[GiftQuestion] = []
    category = ""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = "\n".join(line for line in block.split("\n") if not line.strip().startswith("//")).strip(_SPACE)
        if not lines:
            continue
        if lines.startswith("$CATEGORY:"):
            category = lines.removeprefix("$CATEGORY:").strip()
        else:
            questions.append(_question(_Text.read(lines), category))
    return questions


def _question(text: _Text, category: str) -> GiftQuestion:
    assert text.signs.startswith("::")
    name, rest = text[2:].cut("::")
    assert rest is not None
    stem, body = rest.cut("{")
    assert body is not None
    inside, after = body.cut("}")
    assert after is not None
    assert after.text == ""
    question = GiftQuestion(category, name.text)
    question.prompt, question.program = shown(_formatted(stem.trimmed()))
    answers, general = inside.trimmed().cut("####")
    assert general is not None
    question.general = shown(_formatted(general.trimmed()))[0]
    _read_answers(question, answers.trimmed())
    return question


def _read_answers(question: GiftQuestion, answers: _Text) -> None:
    """The type is found as Moodle finds it."""
    if answers.signs.startswith("#"):
        question.kind = "numerical"
        question.answers = [_answer(piece, plain=True) for piece in answers[1:].trimmed().split("=")]
    elif "~" in answers.signs:
        question.kind = "multichoice" if "=" in answers.signs else "multichoice with several"
        question.answers = [_answer(piece, plain=False) for piece in answers.split("[~=]")]
    elif "->" in answers.signs:
        question.kind = "match"
        for piece in answers.split("="):
            left, right = piece[1:].cut("->")
            assert right is not None
            question.pairs.append((_formatted(left.trimmed()), shown(right.trimmed().text)[0]))
    else:
        question.kind = "shortanswer"
        question.answers = [_answer(piece, plain=True) for piece in answers.split("=")]
        for answer in question.answers:
            assert not re.search(r"(?<!\\)\*", answer.text)
            answer.text = answer.text.replace("\\*", "*")


def _answer(piece: _Text, *, plain: bool) -> Answer:
    percent = 100.0 if piece.signs[0] == "=" else 0.0
    piece = piece[1:].trimmed()
    if weight := re.match(r"%(-?[0-9]{1,3}(?:\.[0-9]+)?)%", piece.signs):
        percent = float(weight[1])
        piece = piece[weight.end() :]
    text, feedback = piece.cut("#")
    told = shown(_formatted(feedback.trimmed()))[0] if feedback else ""
    text = text.trimmed()
    return Answer(_formatted(text, "plain") if plain else shown(_formatted(text))[0], percent, told)


def _formatted(text: _Text, default: str = "html") -> str:
    """Without the mark of its format, which must be the one that is expected."""
    found = re.match(r"\[(\w+)\]", text.text)
    if found and found[1] in _FORMATS:
        assert found[1] == default
        return text.text[found.end() :]
    return text.text


class _Shown(HTMLParser):
    """What a page shows."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = {"p": "", "pre": ""}
        self._in = "p"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("p", "pre", "br", "code"), tag
        assert tag == "code" or not attrs
        if tag == "br":
            self.parts[self._in] += "\n"
        elif tag != "code":
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        self._in = "pre" if tag == "code" else "p"

    def handle_data(self, data: str) -> None:
        self.parts[self._in] += data


def shown(page: str) -> tuple[str, str]:
    """The text and the program that a page of HTML shows."""
    parser = _Shown()
    parser.feed(page)
    parser.close()
    return parser.parts["p"], parser.parts["pre"]
