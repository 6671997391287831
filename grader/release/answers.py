"""Mark the answers that a student handed in. Runs in: command line.

The file is the student's: nothing in it is believed but what they answered. Their questions are drawn from the true
quiz by the id that they gave, which has to be theirs on the roster, and an option counts by its text.
"""

from collections.abc import Iterator, Sequence

from grader.classroom.model import QuizMark
from grader.quiz.bank import CHOSEN, Question, Quiz
from grader.quiz.drawn import LETTERS, draw
from grader.quiz.keyless import learner_of
from grader.quiz.marking import NotAnAnswer, mark
from grader.quiz.sheet import FILE, Given, NotASheet, Sheet
from grader.report.plain import printable

_SHOWN = 40  # characters of what a student wrote
_MOST_NAMED = 3


class _AskedOtherwise(Exception):
    """The question had other numbers when it was answered."""


def mark_answers(
    data: bytes | None, quizzes: Sequence[Quiz], learner: str, *others: str
) -> tuple[tuple[QuizMark, ...], tuple[str, ...]]:
    """The marks for each quiz, and what a teacher should know of the file. `learner`: the student's id on the roster;
    `others`: further ids of theirs there, of which they may have given one.

    No file raises, whatever is in it. Raises CourseError for a quiz that can't be drawn.
    """
    nothing = tuple(QuizMark(quiz.chapter, len(quiz.questions), 0, 0) for quiz in quizzes)
    if data is None:
        return nothing, ()
    try:
        sheet = Sheet.from_json(data)
    except NotASheet as error:
        return nothing, (f"{FILE} {printable(str(error))}: no answer counts",)
    given = learner_of(sheet.learner)
    if given not in map(learner_of, (learner, *others)):
        whose = f"the id {_shown(sheet.learner)}" if given else "no id"
        theirs = " or ".join(map(_shown, (learner, *others)))
        return nothing, (f"{FILE} has {whose}, not {theirs}: no answer counts",)
    remarks: list[str] = []
    marks = tuple(_quiz_mark(quiz, sheet, given, remarks) for quiz in quizzes)
    remarks += _strangers(sheet, quizzes)
    return marks, tuple(remarks)


def _quiz_mark(quiz: Quiz, sheet: Sheet, learner: str, remarks: list[str]) -> QuizMark:
    answered = right = 0
    unread: list[str] = []
    changed: list[str] = []
    for question in quiz.questions:
        given = sheet.answers.get(question.id)
        if given is None:
            continue
        try:
            right += _is_right(question, learner, given)
            answered += 1
        except NotAnAnswer:
            unread.append(question.id)
        except _AskedOtherwise:
            changed.append(question.id)
    if changed:
        why = "asked with other numbers than now, and does not count; was the quiz changed after its release?"
        remarks.append(f"{FILE}: {_named(changed)} of {quiz.chapter}: {why}")
    if unread:
        remarks.append(f"{FILE}: {_named(unread)} of {quiz.chapter}: the answer can't be read and does not count")
    return QuizMark(quiz.chapter, len(quiz.questions), answered, right)


def _is_right(question: Question, learner: str, given: Given) -> bool:
    """Raises NotAnAnswer for an option that was not offered, or a line that can't be an answer, and _AskedOtherwise."""
    drawn = draw(question, learner)
    if given.asked and given.asked != drawn.drawn_of(name for name, _ in question.parameters):
        raise _AskedOtherwise
    if question.kind not in CHOSEN:
        return mark(drawn, given.answer).right
    letters = {option.text: letter for option, letter in zip(drawn.options, LETTERS, strict=False)}
    if any(text not in letters for text in given.chosen):
        raise NotAnAnswer
    return mark(drawn, " ".join(letters[text] for text in given.chosen)).right


def _strangers(sheet: Sheet, quizzes: Sequence[Quiz]) -> Iterator[str]:
    strange = [name for name in sheet.answers if not any(quiz.find(name) for quiz in quizzes)]
    if strange:
        yield f"{FILE} answers {_named(strange)}, which this assignment does not ask"


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(printable(name, limit=_SHOWN) for name in names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown


def _shown(text: str) -> str:
    return f"“{printable(text, limit=_SHOWN)}”"
