"""`grade quiz`: ask, mark, explain, review; or write the questions for other systems. Runs in: command line.

Everything is said in lines and answered by lines, so that it works on a dumb terminal, from a pipe and with a screen
reader. An answer is kept as soon as it is marked; leaving at any moment loses nothing.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TypeVar

import click

from grader.answers import Answers
from grader.cli import screen
from grader.cli.select import ChapterName, here, open_progress
from grader.course import Course
from grader.errors import WorkspaceError
from grader.language import N_, _
from grader.quiz.bank import CHOSEN, Question, Quiz, quizzes
from grader.quiz.drawn import LETTERS, Drawn, draw
from grader.quiz.keyless import KeylessQuiz
from grader.quiz.marking import NotAnAnswer, answer_of, how_to_answer, mark
from grader.quiz.standing import due, next_due, standing, unanswered
from grader.report.plain import without_surrogates
from grader.report.wording import questions as questions_of

Q = TypeVar("Q", Quiz, KeylessQuiz)
LEAVE = ("q", "quit", "exit")
HELP = ("?", "help")
LEFT = N_("Left; everything answered so far is kept.")


@click.command("quiz", short_help="Answer a chapter's questions; review what was wrong.")
@click.argument("chapter", required=False, type=ChapterName())
@click.option("--review", is_flag=True, help="Ask again what was answered wrongly, when it is time.")
@click.option(
    "--learner", metavar="NAME", help="Draw the numbers by this name from now on (a teacher can repeat them)."
)
@click.option(
    "--export",
    "wanted",
    type=click.Choice(["gift", "qti", "mdbook"]),
    help="For teachers: write the questions with their answers for Moodle (gift), Canvas (qti) or mdbook-quiz.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR",
    type=click.Path(),
    help="Where to export to; DIR/ gets a file for each chapter.",
)
@click.option(
    "--variants", metavar="N", type=click.IntRange(1, 100), help="Export N draws of each question with numbers. [1]"
)
@click.option("--seed", metavar="TEXT", help="Export the draws of this text: equal texts make equal files. [class]")
def quiz_command(
    *,
    chapter: str | None,
    review: bool,
    learner: str | None,
    wanted: str | None,
    output: str | None,
    variants: int | None,
    seed: str | None,
) -> None:
    """Answer the questions of a CHAPTER (its folder, its number or one of its exercises), or of the next one.

    Each answer is kept at once: leave with `q`, and the next time begins where you left. What was wrong comes again in
    `--review`, with other numbers: at once, then after 1, 3, 7 and 21 days.

    In a release answers are recorded in a file that you hand in, and marked then; `--review` lets you change them.

    With `--export`, nothing is asked: the questions of the CHAPTER, or all of them, are written to a file. It holds the
    answers, so it is for the teacher. What the other system can't do is said.
    """
    if wanted and (review or learner is not None):
        raise click.UsageError(_("--export asks nothing; leave out --review and --learner"))
    if not wanted and (output, variants, seed) != (None, None, None):
        raise click.UsageError(_("--output, --variants and --seed are for --export; say --export gift, qti or mdbook"))
    if wanted and not output:
        raise click.UsageError(_("say where to export to: --output FILE, or DIR/ for a file of each chapter"))
    learner = str(without_surrogates(learner or ""))
    workspace = here()
    if workspace.release is not None:
        from grader.cli.release_quiz import answer_quiz

        if wanted:
            workspace.need_course(_("answers to export"))
        answer_quiz(workspace, chapter, learner, again=review)
        return
    banks = quizzes(workspace.course)
    if not banks:
        screen.say(_("This course has no quizzes."))
        return
    if wanted and output:
        from grader.cli.quiz_export import SEED, export

        chosen = named(workspace.course, banks, chapter) if chapter else banks
        text = SEED if seed is None else seed
        export(workspace.course, chosen, wanted, output, seed=text, variants=variants or 1)
        return
    with ExitStack() as stack:
        progress = stack.enter_context(open_progress(workspace))
        session = _Session(workspace.course, banks, Answers(progress), learner)
        if review:
            session.review(named(workspace.course, banks, chapter) if chapter else banks)
        else:
            session.ask_chapter(named(workspace.course, banks, chapter)[0] if chapter else session.next_quiz())


def named(course: Course, banks: Sequence[Q], chapter: str) -> list[Q]:
    """The quiz of a chapter. Raises click.UsageError for a name that means none."""
    folders = [
        one.folder
        for one in course.chapters
        if chapter.strip("/") == one.folder
        or (chapter.isdecimal() and one.folder.partition("_")[0].lstrip("0") == chapter.lstrip("0"))
        or any(chapter in (e.name, e.module) for e in one.exercises)
    ]
    found = [bank for bank in banks if bank.chapter in folders]
    if not found:
        known = ", ".join(bank.chapter for bank in banks)
        said = _("no quiz {chapter}; there are quizzes for {chapters}")
        raise click.UsageError(said.format(chapter=repr(chapter), chapters=known))
    return found


class _Session:
    """One sitting of a learner."""

    def __init__(self, course: Course, banks: Sequence[Quiz], answers: Answers, learner: str) -> None:
        self._course = course
        self._banks = banks
        self._answers = answers
        self._learner = answers.learner(learner)
        self._given = answers.of(self._learner)

    def next_quiz(self) -> Quiz:
        """The first one with questions that were never answered; the first of all where there is none."""
        return next((bank for bank in self._banks if unanswered(bank, self._given)), self._banks[0])

    def ask_chapter(self, quiz: Quiz) -> None:
        """Ask what was never answered."""
        questions = unanswered(quiz, self._given)
        heading = _("Quiz · {chapter}").format(chapter=self._title(quiz))
        self._heading(heading, len(questions), self._hint_at_review(quiz))
        total, before = len(quiz.questions), len(quiz.questions) - len(questions)
        self._ask_all(questions, lambda number: question_of(before + number, total))
        self._given = self._answers.of(self._learner)
        if questions and not unanswered(quiz, self._given):
            screen.say("")
            screen.say(screen.paragraph(self._hint_at_review(quiz)))

    def review(self, banks: Sequence[Quiz]) -> None:
        """Ask again what is due."""
        now = datetime.now(UTC)
        questions = due(banks, self._given, now)
        later = self._next_due(banks, now)
        nothing = _("Nothing to review now; the next one is due on {time}.").format(time=later)
        if not later:
            nothing = _("Nothing to review now; what you get wrong comes here.")
        self._heading(_("Review"), len(questions), nothing)
        before = self._given
        self._ask_all(questions, lambda number: question_of(number, len(questions)))
        self._given = self._answers.of(self._learner)
        new = [self._given[q.id][-1] for q in questions if len(self._given[q.id]) > len(before[q.id])]
        if questions and len(new) == len(questions):
            right = sum(answer.is_right for answer in new)
            later = self._next_due(banks, now)
            said = _("{right} of {total} right this time.")
            if right < len(new):
                said = _("{right} of {total} right this time; `grade quiz --review` asks the others again.")
            elif later:
                said = _("{right} of {total} right this time; the next one is due on {time}.")
            screen.say("")
            screen.say(screen.paragraph(said.format(right=right, total=len(new), time=later)))

    def _next_due(self, banks: Sequence[Quiz], now: datetime) -> str:
        """When a question comes again; nothing where none does."""
        later = next_due(banks, self._given, now)
        return later.astimezone().strftime(_("%d %B, %H:%M")) if later else ""

    def _title(self, quiz: Quiz) -> str:
        return next(one.title for one in self._course.chapters if one.folder == quiz.chapter)

    def _heading(self, title: str, count: int, nothing: str) -> None:
        screen.say(screen.style(screen.paragraph(title), bold=True, fg="cyan"))
        screen.say(
            screen.paragraph(
                _("{questions}. `?` says how to answer, `q` leaves.").format(questions=questions_of(count))
                if count
                else nothing
            )
        )

    def _hint_at_review(self, quiz: Quiz) -> str:
        where = standing(quiz, self._title(quiz), self._given, datetime.now(UTC))
        said = _("All {total} questions are answered, {right} right at once.")
        if where.to_review:
            said = _(
                "All {total} questions are answered, {right} right at once. `grade quiz --review` asks again what was"
                " wrong."
            )
        return said.format(total=len(where.questions), right=where.right)

    def _ask_all(self, questions: Sequence[Question], head: Callable[[int], str]) -> None:
        for number, question in enumerate(questions, 1):
            screen.say("")
            screen.say(screen.style(head(number), bold=True))
            if not self._ask(question):
                screen.say(screen.paragraph(_(LEFT)))
                return

    def _ask(self, question: Question) -> bool:
        """Ask one question. Returns whether it was answered."""
        turn = len(self._given.get(question.id, ()))
        drawn = draw(question, self._learner, turn)
        show(drawn)
        while True:
            line = read_line()
            if line is None or line.strip().casefold() in LEAVE:
                return False
            try:
                if line.strip() in HELP:
                    raise NotAnAnswer(how_to_answer(drawn))
                marked = mark(drawn, line)
            except NotAnAnswer as error:
                screen.say(screen.paragraph(_("Please {request}.").format(request=error)))
                continue
            self._answers.record(question.id, self._learner, turn, line.strip(), is_right=marked.right)
            _tell(drawn, marked.right, marked.said)
            return True


def question_of(number: int, total: int) -> str:
    """The heading of a question."""
    return _("Question {number} of {total}").format(number=number, total=total)


def show(drawn: Drawn) -> None:
    """Print a question."""
    screen.say(screen.paragraph(drawn.prompt))
    if drawn.program:
        screen.say("")
        for row in drawn.program.splitlines():
            screen.say(f"    {row}")
    if drawn.question.kind in CHOSEN:
        screen.say("")
        for letter, option in zip(LETTERS, drawn.options, strict=False):
            screen.say(screen.hanging(f"  {letter}  ", option.text))
    screen.say("")
    screen.say(screen.style(screen.paragraph(f"({how_to_answer(drawn)})"), dim=True))


def read_line() -> str | None:
    """The next line of standard input, bytes that are no letters written as escapes; None at its end."""
    if sys.stdin is None:
        raise WorkspaceError(_("standard input is closed; answers are read from there"))
    click.echo("> ", nl=False)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        click.echo(line.rstrip("\n"))
    return str(without_surrogates(line)) or None


def _tell(drawn: Drawn, right: bool, said: Sequence[str]) -> None:
    """The verdict: what was wrong with what was chosen, the right answer, and why."""
    marks = ("+", "-") if screen.ascii_only() else ("✓", "✗")
    word = _("Right.") if right else _("Not right.")
    screen.say(screen.style(f"{marks[0] if right else marks[1]} {word}", fg="green" if right else "red", bold=True))
    for sentence in said:
        screen.say(screen.hanging("  ", sentence))
    if not right:
        answer = _("The right answer: {answer}").format(answer=" ".join(answer_of(drawn).split()))
        screen.say(screen.hanging("  ", answer))
    screen.say(screen.hanging("  ", drawn.explanation))
