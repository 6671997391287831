"""`grade release`: cut an assignment for students out of the course. Runs in: command line."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from grader.assignment import Assignment, Demand, read_assignment, whole_course
from grader.cli import screen
from grader.cli.class_options import moment
from grader.cli.select import ChapterName, ExerciseNames, choose
from grader.course import Course, Exercise, bundled_root, read_course
from grader.errors import CourseError, WorkspaceError
from grader.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from grader.release.bundle import Bundle

_MOST_TOLD = 10  # leaks and failures, at once


@click.command("release", short_help="For teachers: cut an assignment for students.")
@click.argument("names", nargs=-1, type=ExerciseNames(packaged=True), metavar="[NAME]...")
@click.option(
    "--chapter",
    "chapters",
    metavar="N",
    type=ChapterName(packaged=True),
    multiple=True,
    help="All exercises of a chapter: 3 or 03_forward.",
)
@click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file with the assignment: title, exercises, points, due, late, visibility, quizzes.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE.zip|DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to write it: a ZIP file where the name ends so, else a folder.",
)
@click.option("--due", callback=moment, metavar="TIME", help="When it is due: 2026-12-01T23:59:00+01:00.")
@click.option("--title", metavar="TEXT", help="What it is called.")
@click.option("--with-quizzes", is_flag=True, help="With the quizzes of these chapters, without keys.")
@click.option(
    "--public-checks", type=click.IntRange(0), metavar="K", help="Show K checks of each exercise as examples. [2]"
)
@click.option("--ci", type=click.Choice(["github", "gitlab", "classroom50"]), help="Run `grade` on each push.")
@click.option("--force", is_flag=True, help="Replace a file, or an earlier release in DIR, that is there.")
def release_command(
    names: tuple[str, ...],
    *,
    chapters: tuple[str, ...],
    settings: Path | None,
    output: Path,
    due: datetime | None,
    title: str | None,
    with_quizzes: bool,
    public_checks: int | None,
    ci: str | None,
    force: bool,
) -> None:
    """Cut an assignment for students out of the course: stubs, tasks, hints and a few visible checks.

    NAME is an exercise or a chapter's folder. No hidden check, no solution and no key of a quiz is in the release:
    every byte of it is looked through before it is written. Equal assignments make equal bytes. Students work in it
    with `grade`; what they hand in is graded by `grade class`.
    """
    from grader.author.files import obstacles
    from grader.release.bundle import cut
    from grader.release.output import write
    from grader.release.rehearsal import failures

    workspace = _workspace()
    assignment = _assignment(workspace, names, chapters, settings)
    assignment = replace(
        assignment,
        due=due or assignment.due,
        title=title or assignment.title,
        public_checks=assignment.public_checks if public_checks is None else public_checks,
        quizzes=_quizzes(assignment) if with_quizzes else assignment.quizzes,
    )
    for demand in assignment.demands:
        for obstacle in obstacles(demand.exercise):
            raise CourseError(obstacle)
    bundle = cut(assignment, ci=ci or "")
    if bundle.leaks:
        raise CourseError("\n".join(_told(bundle)))
    if public_checks is not None:
        _need(public_checks, bundle)
    if failed := list(failures(bundle, assignment)):
        raise CourseError("\n".join(_told_of_failures(failed)))
    write(bundle, output, force=force)
    _tell(assignment, bundle, output, asked=assignment.public_checks)


def _workspace() -> Workspace:
    """Where the course is: the one around this folder, or the packaged one, which is said."""
    try:
        workspace = find_workspace(Path.cwd())
    except WorkspaceError:
        course = read_course(bundled_root())
        screen.say(screen.paragraph(f"No course is around this folder: this is the packaged one, {course.title}."))
        return Workspace(course.root, course.root / "exercises", course)
    workspace.need_course("hidden checks and solutions to cut an assignment from")
    return workspace


def _assignment(
    workspace: Workspace, names: tuple[str, ...], chapters: tuple[str, ...], settings: Path | None
) -> Assignment:
    course = workspace.course
    wanted = {e.name for e in choose(workspace, names)} if names else set()
    wanted |= {e.name for chapter in chapters for e in _chapter(course, chapter)}
    if settings is None:
        if not wanted:
            raise click.UsageError("say what to release: NAME, --chapter N or --settings FILE; `.` is the whole course")
        chosen = [e for e in course.exercises if e.name in wanted]
        return whole_course(course, chosen, _title(course, chosen))
    assignment = read_assignment(settings, course)
    if not wanted:
        return assignment
    known = {demand.exercise.name: demand for demand in assignment.demands}
    demands = [known.get(e.name, Demand(e, e.points)) for e in course.exercises if e.name in wanted]
    return replace(assignment, demands=tuple(demands))


def _chapter(course: Course, name: str) -> Sequence[Exercise]:
    for chapter in course.chapters:
        number = chapter.folder.partition("_")[0]
        if name == chapter.folder or (name.isdecimal() and number.isdecimal() and int(name) == int(number)):
            return chapter.exercises
    there = ", ".join(chapter.folder for chapter in course.chapters)
    raise click.UsageError(f"no chapter {name!r}; the course's chapters are: {there}")


def _title(course: Course, chosen: Sequence[Exercise]) -> str:
    titles = [e.title for e in chosen] if len(chosen) == 1 else list(dict.fromkeys(e.chapter_title for e in chosen))
    return titles[0] if len(titles) == 1 else course.title


def _quizzes(assignment: Assignment) -> tuple[str, ...]:
    from grader.quiz.bank import quizzes

    chapters = {demand.exercise.chapter for demand in assignment.demands} | set(assignment.quizzes)
    return tuple(quiz.chapter for quiz in quizzes(assignment.course) if quiz.chapter in chapters)


def _need(wanted: int, bundle: "Bundle") -> None:
    """Raises UsageError where no exercise has that many checks to show."""
    most = max((shown.able for shown in bundle.shown), default=0)
    if wanted > most and bundle.shown:
        there = ", ".join(f"{shown.exercise} {shown.able}" for shown in bundle.shown)
        raise click.UsageError(f"--public-checks {wanted}: so many checks can be shown: {there}")


def _told(bundle: "Bundle") -> Iterator[str]:
    count = len(bundle.leaks)
    yield f"{count} hidden fragment{'s' * (count > 1)} would be in the release; nothing was written."
    yield from (f"  {leak}" for leak in bundle.leaks[:_MOST_TOLD])
    if count > _MOST_TOLD:
        yield f"  and {count - _MOST_TOLD} more"


def _told_of_failures(failed: Sequence[str]) -> Iterator[str]:
    yield "The course's own solutions do not pass the visible checks as they were cut out; nothing was written."
    yield from (f"  {failure}" for failure in failed[:_MOST_TOLD])
    yield "Have each check name what it needs at the top of its file, or hide it; `grade verify` runs the whole files."


def _tell(assignment: Assignment, bundle: "Bundle", output: Path, *, asked: int) -> None:
    if assignment.due is not None and assignment.due < datetime.now(UTC):
        click.echo(f"grade: note: it was due on {assignment.due.isoformat()}, which is past", err=True)
    screen.say(screen.style(screen.paragraph(assignment.title), bold=True))
    rows = [(s.exercise, f"{len(s.visible)} of {s.checks} checks visible") for s in bundle.shown]
    rows += [(chapter, "quiz, without its key") for chapter in assignment.quizzes]
    for line in screen.table(rows, "  "):
        screen.say(line)
    few = [s.exercise for s in bundle.shown if len(s.visible) < min(asked, s.checks) and s.able < asked]
    if few:
        screen.say(screen.paragraph(f"Fewer than {asked} can be shown of {', '.join(few)}."))
    proof = f"{len(bundle.files)} files; none holds one of {bundle.secrets:,} hidden fragments"
    screen.say(screen.paragraph(f"{output}: release {bundle.id}, {proof}."))
