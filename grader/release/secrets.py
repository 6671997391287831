"""What a release must not hold: hidden inputs and values, lines of solutions, keys and sentences.

Runs in: command line.

A secret is a fragment in the form in which it is looked for, so that spaces, line breaks and how a number is written
hide nothing. What its author shows in a stub, a README, a hint, a visible check or a question's text is no secret; but
a line of a solution is one wherever it stands, the stub apart.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from grader.course import Course, Exercise
from grader.quiz.bank import CHOSEN, Kind, Question, Quiz
from grader.release.examples import CheckFile
from grader.release.numbers import Numbers, distinctive_in, holds, literals_in, numbers_of, runs_of
from grader.release.solutions import SolutionLines, code_lines, dense

LEAST_SENTENCE = 25  # characters from which a sentence is recognisable
LEAST_KEY = 4  # and a key, in its own question
_PLACEHOLDER = re.compile(r"\{\w+(?::[^{}]*)?\}")
_OF_CHECKS = "this is a fault of `grade release`, or of a text that quotes a hidden check: take it out there"
_OF_SOLUTIONS = "it is a line of a solution; take it out of the text, or say it in words"
_EARNED = "it is told to who has earned it; take it out of the text"
_OF_KEYS = "it is part of the answer; this is a fault of `grade release`"


class Secret(Struct, frozen=True):
    """A fragment that must stay hidden. `shown` is the fragment as a person knows it."""

    shown: str
    where: str  # "softmax/wrong.toml: naive"
    remedy: str


class Secrets(Struct, frozen=True):
    """All of them, by the form in which they are looked for."""

    lines: Mapping[str, Secret]  # without blanks
    sentences: Mapping[str, Secret]  # as `squeezed`
    literals: Mapping[Numbers, Secret]
    numbers: Mapping[float, Secret]  # without signs
    keys: Mapping[str, Mapping[str, Secret]]  # of questions by their ids, without blanks

    @property
    def count(self) -> int:
        keys = sum(map(len, self.keys.values()))
        return keys + len(self.lines) + len(self.sentences) + len(self.literals) + len(self.numbers)


def secrets_of(
    course: Course,
    released: Sequence[Exercise],
    visible: Mapping[str, Sequence[str]],
    *,
    lines: SolutionLines,
    quizzes: Sequence[Quiz],
    asked: Sequence[Quiz],
) -> Secrets:
    """The secrets of a whole course. `visible`: the checks that are shown of each exercise that is released.

    `lines` and `quizzes` are all of the course's; `asked` are the quizzes that are released. Raises CourseError.
    """
    checks = {e.name: _visible_part(e, visible[e.name]) for e in released}
    shown = [*checks.values(), *(text for e in released for text in _shown(e))]
    shown += [text for quiz in asked for question in quiz.questions for text in shown_of(question)]
    text = "\n".join(shown)
    words, runs, numbers = squeezed(text), runs_of(text), numbers_of(text)
    stubs = dense(e.stub.read_text(encoding="utf-8") for e in released)
    hidden = list(_hidden(course, visible))
    return Secrets(
        lines=dict(
            [
                *_lines_of_checks(hidden, dense(shown)),
                *_lines_of_solutions(lines, stubs, {name: dense([part]) for name, part in checks.items()}),
            ]
        ),
        sentences={sentence: secret for sentence, secret in _sentences(course, quizzes) if sentence not in words},
        literals={
            literal: Secret(", ".join(f"{number:g}" for number in literal), where, _OF_CHECKS)
            for where, statement, _ in hidden
            for literal in literals_in(statement)
            if not any(holds(run, literal) for run in runs)
        },
        numbers={
            number: Secret(repr(number), where, _OF_CHECKS)
            for where, statement, _ in hidden
            for number in distinctive_in(statement)
            if number not in numbers
        },
        keys={q.id: keys for quiz in quizzes for q in quiz.questions if (keys := dict(_keys(q)))},
    )


def _visible_part(exercise: Exercise, visible: Sequence[str]) -> str:
    file = CheckFile.of(exercise)
    return file.text_of(file.needed(visible)) if visible else ""


def _shown(exercise: Exercise) -> Iterator[str]:
    yield from (exercise.stub.read_text(encoding="utf-8"), exercise.readme.read_text(encoding="utf-8"))
    yield from (*exercise.hints, exercise.title, exercise.teaches)


def shown_of(question: Question) -> Iterator[str]:
    """What a question shows to everybody, as it stands in the quiz."""
    yield question.prompt
    if question.kind is Kind.CODE:
        yield question.program
    if question.kind in CHOSEN:
        yield from (*question.answers, *(wrong.answer for wrong in question.wrong))
    yield from (str(list(values)) for _, values in question.parameters)


def _hidden(course: Course, visible: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ast.stmt, str]]:
    """What of the check files is for no visible check: where it stands, the statement, and its text."""
    for exercise in course.exercises:
        file = CheckFile.of(exercise)
        checks = visible.get(exercise.name, ())
        kept = {id(statement) for statement in (file.needed(checks) if checks else ())}
        for statement in file.statements:
            if id(statement) not in kept:
                name = getattr(statement, "name", f"line {statement.lineno}")
                yield f"{exercise.name}/{exercise.check_file.name}: {name}", statement, file.text_of([statement])


def _lines_of_checks(hidden: Sequence[tuple[str, ast.stmt, str]], shown: str) -> Iterator[tuple[str, Secret]]:
    """The lines of hidden checks that are shown nowhere."""
    for where, _, text in hidden:
        yield from ((line, Secret(line, where, _OF_CHECKS)) for line in code_lines(text) if line not in shown)


def _lines_of_solutions(lines: SolutionLines, stubs: str, checks: Mapping[str, str]) -> Iterator[tuple[str, Secret]]:
    """Those that stand in no stub, nor in a visible check of an exercise whose solutions don't have them."""
    for line, owners in lines.items():
        if line not in stubs and not any(line in text for name, text in checks.items() if name not in owners):
            yield line, Secret(line, next(iter(owners.values())), _OF_SOLUTIONS)


def squeezed(text: str) -> str:
    """A text as it is compared: one blank between words, lower case."""
    return " ".join(text.casefold().split())


def pieces(text: str) -> Iterator[str]:
    """What of a sentence for learners is the same for everybody, and long enough to be recognised."""
    for sentence in re.split(r"(?<=[.!?:;])\s+", text.strip()):
        for piece in _PLACEHOLDER.split(sentence):
            found = squeezed(piece).strip(" .,;:!?")
            if len(found) >= LEAST_SENTENCE:
                yield found


def _sentences(course: Course, quizzes: Sequence[Quiz]) -> Iterator[tuple[str, Secret]]:
    for exercise in course.exercises:
        for piece in pieces(exercise.why):
            yield piece, Secret(piece, f"{exercise.name}/exercise.toml: why", _EARNED)
        for wrong in exercise.wrongs:
            for piece in pieces(wrong.feedback):
                yield piece, Secret(piece, f"{exercise.name}/wrong.toml: {wrong.name}", _EARNED)
    for quiz in quizzes:
        for question in quiz.questions:
            where = f"{quiz.chapter}/quiz.toml: {question.id}"
            for text in (question.explanation, *(wrong.why for wrong in question.wrong)):
                for piece in pieces(text):
                    yield piece, Secret(piece, where, _EARNED)


def _keys(question: Question) -> Iterator[tuple[str, Secret]]:
    """What of a question tells the answer and is nothing that it shows: texts without blanks."""
    shown = "".join("".join(shown_of(question)).split())
    hidden: list[str] = [formula for _, formula in question.values] + [question.where]
    if question.kind not in CHOSEN:
        hidden += [*question.answers, *(wrong.answer for wrong in question.wrong)]
    if question.kind is not Kind.CODE:
        hidden.append(question.program)
    for text in hidden:
        key = "".join(text.split())
        is_name = question.kind is Kind.NUMERIC and key.isidentifier()  # of a value, whose formula is looked for
        if len(key) >= LEAST_KEY and key not in shown and not is_name:
            yield key, Secret(key, f"quiz: {question.id}", _OF_KEYS)
