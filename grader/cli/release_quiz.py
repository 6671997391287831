"""`grade quiz` in a release: ask and record; marking comes after hand-in. Runs in: command line."""

from collections.abc import Sequence

import click

from grader.cli import screen
from grader.cli.quiz import HELP, LEAVE, LEFT, named, question_of, read_line, show
from grader.language import _
from grader.quiz.keyless import KeylessQuestion, KeylessQuiz, draw, learner_of, read_quizzes
from grader.quiz.marking import NotAnAnswer, chosen, how_to_answer
from grader.quiz.sheet import FILE, Given, SheetFile
from grader.report.wording import questions as questions_of
from grader.workspace import Workspace

_LONGEST_ID = 100  # characters


def answer_quiz(workspace: Workspace, chapter: str | None, learner: str, *, again: bool) -> None:
    """Ask what has no answer yet, or, with `again`, what has one. Raises WorkspaceError, CourseError, UsageError."""
    assert workspace.release is not None
    quizzes = read_quizzes(workspace.root)
    if not quizzes:
        screen.say(_("This assignment has no quizzes."))
        return
    file = SheetFile(workspace.root, workspace.release.id)
    wanted = named(workspace.course, quizzes, chapter)[0] if chapter else _next(quizzes, file, again=again)
    if file.is_of_another:
        said = _("{file} was begun with another release of the assignment; its answers are kept").format(file=FILE)
        click.echo(f"grade: {said}", err=True)
    if not _know_learner(file, learner):
        screen.say(_("Left; nothing was recorded."))
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
        ask = _("Your student id, as your teacher knows it? It decides your numbers, so it is kept.")
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
        heading = _("Quiz · {chapter}").format(chapter=self._quiz.title)
        screen.say(screen.style(screen.paragraph(heading), bold=True, fg="cyan"))
        whose = _("Answers of {learner}.").format(learner=self._file.sheet.learner)
        screen.say(screen.paragraph(f"{whose} {self._what_to_do(len(questions))}"))
        for question in questions:
            number = self._quiz.questions.index(question) + 1
            screen.say("")
            screen.say(screen.style(question_of(number, len(self._quiz.questions)), bold=True))
            if not self._ask(question):
                screen.say(screen.paragraph(_(LEFT)))
                return
        screen.say("")
        screen.say(screen.paragraph(self._standing()))

    def _what_to_do(self, count: int) -> str:
        if not count:
            return _("Nothing is answered yet.") if self._again else _("All questions are answered.")
        said = _("{questions}. `?` says how to answer, `q` leaves.")
        if self._again:
            said = _("{questions}. An empty line keeps an answer, `?` says how to answer, `q` leaves.")
        return said.format(questions=questions_of(count))

    def _standing(self) -> str:
        total = len(self._quiz.questions)
        answered = total - len(_to_ask(self._quiz, self._file, again=False))
        said = _("{answered} of {total} answered; they are marked at hand-in. Hand in {file} with your files.")
        if answered:
            said = _(
                "{answered} of {total} answered; they are marked at hand-in. `grade quiz {chapter} --review` lets you"
                " change them. Hand in {file} with your files."
            )
        return said.format(answered=answered, total=total, chapter=self._quiz.chapter, file=FILE)

    def _ask(self, question: KeylessQuestion) -> bool:
        """Ask one question. Returns whether it was answered, or its answer kept."""
        drawn = draw(question, self._file.sheet.learner)
        before = self._file.sheet.answers.get(question.id)
        show(drawn)
        if before is not None:
            said = _("Your answer so far: {answer}").format(answer="; ".join(before.chosen) or before.answer)
            screen.say(screen.paragraph(said))
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
                screen.say(screen.paragraph(_("Please {request}.").format(request=error)))
                continue
            asked = drawn.drawn_of(name for name, _ in question.parameters)
            self._file.record(question.id, Given(line.strip(), tuple(option.text for option in options), asked))
            screen.say(_("Recorded; it is marked at hand-in."))
            return True
