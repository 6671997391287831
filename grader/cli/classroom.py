"""`grade class`: grade what a class handed in, into a gradebook. Runs in: command line."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
from msgspec.structs import replace

from grader.cli import screen
from grader.cli.class_changes import say_changes
from grader.cli.class_files import load, write
from grader.cli.class_options import course_of, course_options, late_policy, moment, roster_option
from grader.cli.options import data_option, require_data
from grader.errors import GraderError, WorkspaceError
from grader.result import SandboxLevel

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from grader.assignment import Assignment, LatePolicy
    from grader.classroom.class_run import OpenExecutor, Tally
    from grader.classroom.gradebook import Gradebook
    from grader.classroom.intake import Found
    from grader.classroom.marking import Terms
    from grader.classroom.model import ClassBook

UNFINISHED = "unfinished"  # the setting that says, until all are graded, how many students a run is for
_DEADLINE = 300.0  # seconds for the work of one student


@click.command("class", short_help="For teachers: grade what a class handed in.")
@click.argument("submissions", type=click.Path(exists=True, path_type=Path))
@course_options
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the gradebook and pages. [SUBMISSIONS-graded]",
)
@roster_option
@click.option("--resume", is_flag=True, help="Go on with the gradebook in OUT: what is unchanged is not graded again.")
@click.option("--regrade", is_flag=True, help="Grade everything anew into the gradebook in OUT.")
@click.option("--retry-errors", is_flag=True, help="Grade again only what ended by a fault of the grader's own.")
@click.option("--due", callback=moment, metavar="TIME", help="When the work was due: 2026-12-01T23:59:00+01:00.")
@click.option("--late", callback=late_policy, metavar="RULE", help="What late work costs: '10%/day up to 50%'.")
@click.option("--at-due", is_flag=True, help="Of git clones grade the last commit before the work was due.")
@click.option(
    "--compare", type=click.Path(exists=True, path_type=Path, file_okay=False), help="Say whose marks changed since."
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    default=os.cpu_count() or 1,
    show_default="all cores",
    help="Grade in N processes.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(1),
    metavar="SECONDS",
    default=_DEADLINE,
    show_default=True,
    help="Time for all the work of one student.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the Dask cluster of this scheduler: tcp://host:8786.")
@data_option
@click.option(
    "--sandbox",
    type=click.Choice([level.value for level in SandboxLevel]),
    help="Use exactly this level, also one below strict; it is written on every row.",
)
def class_command(
    submissions: Path,
    *,
    course_root: Path | None,
    settings: Path | None,
    out: Path | None,
    roster: Path | None,
    resume: bool,
    regrade: bool,
    retry_errors: bool,
    due: datetime | None,
    late: "LatePolicy | None",
    at_due: bool,
    compare: Path | None,
    jobs: int,
    deadline: float,
    scheduler: str | None,
    data_dir: Path | None,
    sandbox: str | None,
) -> int:
    """Grade what a class handed in: SUBMISSIONS is a folder with one folder, archive or git clone per student, or the
    bulk download of Canvas or Moodle.

    OUT gets the gradebook (gradebook.sqlite3, gradebook.csv), a page for each student and one for the class. `grade
    export OUT` writes the marks for an LMS. Every student has a row, whatever they handed in; exit code 1 means that
    the grader itself failed at some.
    """
    from grader.processes import zygotes_ahead

    if resume and regrade:
        raise click.UsageError("--resume keeps what is unchanged, --regrade grades it anew; leave one out")
    level = SandboxLevel(sandbox) if sandbox is not None else None
    at_least = SandboxLevel.PROCESS if level is not None else SandboxLevel.STRICT
    jobs = max(1, min(jobs, _most_students(submissions)))
    if scheduler is None:  # they load while this process does
        click.get_current_context().with_resource(zygotes_ahead(level, at_least, jobs))
    from grader.assignment import read_assignment, whole_course
    from grader.classroom import intake
    from grader.classroom.gradebook import Gradebook
    from grader.classroom.marking import Terms
    from grader.classroom.model import State
    from grader.classroom.roster import read_roster

    require_data(data_dir)
    course = course_of(course_root)
    assignment = read_assignment(settings, course) if settings is not None else whole_course(course)
    assignment = replace(assignment, due=due or assignment.due, late=late or assignment.late)
    found = intake.discover(submissions, assignment, read_roster(roster) if roster else None, at_due=at_due)
    out = out if out is not None else submissions.with_name(f"{submissions.stem}-graded")
    terms = Terms.of(assignment, data_dir, (level, at_least), deadline)
    jobs = max(1, min(jobs, len(found.origins)))
    open_book = Gradebook.existing if retry_errors else Gradebook
    with _workers(terms, jobs, scheduler) as open_executor, open_book(out) as gradebook:
        for message in gradebook.messages:
            click.echo(f"grade: {message}", err=True)
        _begin(gradebook, assignment, resume=resume or retry_errors, regrade=regrade)
        if not retry_errors:
            gradebook.keep_setting(UNFINISHED, str(len(found.origins) + len(found.missing)))
        try:
            tally = _grade(gradebook, assignment, found, terms, open_executor, only_errors=retry_errors)
        except (KeyboardInterrupt, GraderError):
            with suppress(GraderError):
                click.echo(f"\n{len(gradebook)} students are in {gradebook.path}; `--resume` goes on.", err=True)
            raise
        if not retry_errors:
            gradebook.keep_setting(UNFINISHED, "")
        book = gradebook.book(assignment)
        write(book, out, jobs)
        for line in _summary(book, tally, found, out):
            screen.say(line)
        if compare is not None:
            with Gradebook.existing(compare) as old:
                say_changes(old, book)
    return 1 if tally.states[State.ERROR] else 0


def _most_students(submissions: Path) -> int:
    """No fewer than have handed in: what is in a folder. What is in an archive nobody has looked at yet."""
    try:
        return sum(1 for _ in submissions.iterdir())
    except OSError:
        return sys.maxsize


def _begin(gradebook: "Gradebook", assignment: "Assignment", *, resume: bool, regrade: bool) -> None:
    """Go on with the rows that are there, or without them; never mix two runs by accident."""
    from grader.assignment import described

    count = len(gradebook)
    if count and not resume and not regrade:
        raise WorkspaceError(
            f"{gradebook.path}: has the rows of {count} students; --resume keeps those whose work is unchanged,"
            " --regrade grades them all anew, or name another folder with -o"
        )
    if regrade:
        gradebook.clear()
    gradebook.keep_setting("course", str(assignment.course.root))
    gradebook.keep_setting("assignment", msgspec.json.encode(described(assignment)).decode())


def _grade(
    gradebook: "Gradebook",
    assignment: "Assignment",
    found: "Found",
    terms: "Terms",
    open_executor: "OpenExecutor",
    *,
    only_errors: bool,
) -> "Tally":
    from grader.classroom.class_run import ClassRun

    total, start = len(found.origins) + len(found.missing), time.monotonic()
    with screen.progress(total, "Grading") as bar:
        run = ClassRun(
            assignment,
            terms,
            gradebook,
            open_executor,
            heard=lambda tally: bar.update(tally.done - bar.pos, _so_far(tally, time.monotonic() - start)),
            meanwhile=load,
            **_quizzes(assignment),
        )
        return run.grade(found.origins, found.missing, only_errors=only_errors)


def _quizzes(assignment: "Assignment") -> dict[str, Any]:
    """How a class's answers are marked, as `ClassRun` takes it; nothing where no quiz is asked for."""
    if not assignment.quizzes:
        return {}
    from grader.classroom.roster import ids_of
    from grader.quiz.bank import quizzes
    from grader.release.answers import mark_answers

    asked = [quiz for quiz in quizzes(assignment.course) if quiz.chapter in assignment.quizzes]
    return {
        "mark_quizzes": lambda handed: mark_answers(handed.answers, asked, *ids_of(handed.student)),
        "quiz_digest": repr(asked),
    }


@contextmanager
def _workers(terms: "Terms", jobs: int, scheduler: str | None) -> Iterator["OpenExecutor"]:
    """What opens the processes that grade. Those of this machine prove their sandbox first, before anything is written.

    Raises SandboxError where they can't.
    """
    from grader.classroom.executors import of_a_cluster, ready_here

    if scheduler is None:
        with ready_here(terms, jobs) as open_executor:
            yield open_executor
        return

    @contextmanager
    def cluster() -> "Iterator[tuple[Executor, int]]":
        with of_a_cluster(scheduler, terms.sandbox, terms.at_least) as found:
            for worker, why in found.refused.items():
                click.echo(f"grade: the worker {worker} is left out: {why}", err=True)
            yield found.executor, found.threads

    yield cluster


def _so_far(tally: "Tally", seconds: float) -> str:
    """What came of those that are done, and how many are graded in a second."""
    counts = ", ".join(f"{count} {state.value}" for state, count in sorted(tally.states.items()))
    graded = tally.done - tally.kept
    return f"{counts}, {graded / seconds:.1f}/s" if graded and seconds > 0 else counts


def _summary(book: "ClassBook", tally: "Tally", found: "Found", out: Path) -> Iterator[str]:
    from statistics import median

    from grader.classroom.exports.options import nothing_taken, of_nothing_taken
    from grader.classroom.model import State, mark

    counts = ", ".join(
        f"{count} {what}"
        for what, count in [*((state.value, tally.states[state]) for state in State), ("not graded yet", tally.unseen)]
        if count
    )
    kept = f" ({tally.kept} unchanged since the last run)" if tally.kept else ""
    yield f"{tally.total} students: {counts}{kept}"
    here = {origin.student.id for origin in found.origins} | {student.id for student in found.missing}
    scores, untaken, others = [], [], 0
    is_due = book.assignment.due is not None
    for row in book.rows:
        is_due = is_due or row.student.due is not None
        untaken += [replace(row, results=())] if nothing_taken(row) else []
        others += row.student.id not in here
        if row.state is State.GRADED:
            scores.append(mark(row, book.assignment).score)
    if others:
        who = "1 more student of an earlier run is" if others == 1 else f"{others} more students of earlier runs are"
        yield f"  {who} in the gradebook, of whom nothing came this time; `--regrade` leaves out such rows"
    if book.assignment.late is not None and not is_due:
        yield "  nothing was taken off for late work: it is not known when it was due; `--due TIME` says so"
    if scores:
        yield f"score: median {median(scores):.4g} of {book.assignment.points:g}, best {max(scores):.4g}"
    if untaken:
        yield f"  {of_nothing_taken(untaken)}"
    for remark in found.remarks:
        yield f"  {remark}"
    for row in book.rows:
        if row.state is State.ERROR:
            yield f"  {row.student.shown}: {row.reason}; `--retry-errors` grades it again; please report it if it stays"
    yield f"written to {out}: class.html, class-anonymous.html, students/, gradebook.csv, gradebook.sqlite3"
    yield f"`grade export {out} --format NAME` writes the marks for your LMS"
