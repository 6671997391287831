"""`grade quiz` in a release: ask and record; marking comes after hand-in. Runs in: command line."""

from collections.abc import Sequence

import click

from grader.cli import screen
from grader.cli.quiz import HELP, LEAVE, many, named, read_line, show
from grader.quiz.keyless import KeylessQuestion, KeylessQuiz, draw, learner_of, read_quizzes
from grader.quiz.marking import NotAnAnswer, chosen, how_to_answer
from grader.quiz.sheet import FILE, Given, SheetFile
from grader.workspace import Workspace

_LONGEST_ID = 100  # characters


def answer_quiz(workspace: Workspace, chapter: str | None, learner: str, *, again: bool) -> None:
    """Ask what has no answer yet, or, with `again`, what has one. Raises WorkspaceError, CourseError, UsageError."""
    assert workspace.release is not None
    quizzes = read_quizzes(workspace.root)
    if not quizzes:
        screen.say("This assignment has no quizzes.")
        return
    file = SheetFile(workspace.root, workspace.release.id)
    wanted = named(workspace.course, quizzes, chapter)[0] if chapter else _next(quizzes, file, again=again)
    if file.is_of_another:
        click.echo(f"grade: {FILE} was begun with another release of the assignment; its answers are kept", err=True)
    if not _know_learner(file, learner):
        screen.say("Left; nothing was recorded.")
        return
    _Sitting(file, wanted, again=again).ask_all()


def _next(quizzes: Sequence[KeylessQuiz], file: SheetFile, *, again: bool) -> KeylessQuiz:
    """The first quiz with something to ask; the first of all where there is none."""
    return next((quiz for quiz in quizzes if _to_ask(quiz, file, again=again)), quizzes[0])


def _to_ask(quiz: KeylessQuiz, file: SheetFile, *, again: bool) -> list[KeylessQuestion]:
    return [question for question in quiz.questions if (question.id in file.sheet.answers) == again]


def _know_learner(file: SheetFile, learner: str) -> bool:
    """Ask for the student's id where it is not known; whether it is known now."""
    if learner_of(learner):
        file.name_learner(learner_of(learner))
    while not file.sheet.learner:
        ask = "Your student id, as your teacher knows it? It decides your numbers, so it is kept."
        screen.say(screen.paragraph(ask))
        line = read_line()
        if line is None or line.strip().casefold() in LEAVE:
            return False
        if learner_of(line) and len(line) <= _LONGEST_ID:
            file.name_learner(learner_of(line))
    return True


class _Sitting:
    """One sitting of a student with one quiz."""

    def __init__(self, file: SheetFile, quiz: KeylessQuiz, *, again: bool) -> None:
        self._file = file
        self._quiz = quiz
        self._again = again

    def ask_all(self) -> None:
        questions = _to_ask(self._quiz, self._file, again=self._again)
        screen.say(screen.style(screen.paragraph(f"Quiz · {self._quiz.title}"), bold=True, fg="cyan"))
        screen.say(screen.paragraph(f"Answers of {self._file.sheet.learner}. {self._what_to_do(len(questions))}"))
        for question in questions:
            number = self._quiz.questions.index(question) + 1
            screen.say("")
            screen.say(screen.style(f"Question {number} of {len(self._quiz.questions)}", bold=True))
            if not self._ask(question):
                screen.say("Left; everything answered so far is kept.")
                return
        screen.say("")
        screen.say(screen.paragraph(self._standing()))

    def _what_to_do(self, count: int) -> str:
        if not count:
            return "Nothing is answered yet." if self._again else "All questions are answered."
        keep = "An empty line keeps an answer, " if self._again else ""
        return f"{many(count, 'question')}. {keep}`?` says how to answer, `q` leaves."

    def _standing(self) -> str:
        total = len(self._quiz.questions)
        answered = total - len(_to_ask(self._quiz, self._file, again=False))
        change = f" `grade quiz {self._quiz.chapter} --review` lets you change them." if answered else ""
        return f"{answered} of {total} answered; they are marked at hand-in.{change} Hand in {FILE} with your files."

    def _ask(self, question: KeylessQuestion) -> bool:
        """Ask one question. Returns whether it was answered, or its answer kept."""
        drawn = draw(question, self._file.sheet.learner)
        before = self._file.sheet.answers.get(question.id)
        show(drawn)
        if before is not None:
            screen.say(screen.paragraph(f"Your answer so far: {'; '.join(before.chosen) or before.answer}"))
        while True:
            line = read_line()
            if line is None or line.strip().casefold() in LEAVE:
                return False
            if before is not None and not line.strip():
                return True
            try:
                if line.strip() in HELP:
                    raise NotAnAnswer(how_to_answer(drawn))
                options = chosen(drawn, line)
            except NotAnAnswer as error:
                screen.say(screen.paragraph(f"Please {error}."))
                continue
            self._file.record(question.id, Given(line.strip(), tuple(option.text for option in options)))
            screen.say("Recorded; it is marked at hand-in.")
            return True
