"""`grade similar`: works of a class that are suspiciously alike. Runs in: command line."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.assignment import Assignment, read_assignment, whole_course
from grader.cli import screen
from grader.cli.class_options import course_of, course_options, roster_option
from grader.errors import CourseError
from grader.intake import Submission

if TYPE_CHECKING:
    from grader.classroom.similarity import Pair, Work

_FORMATS = (".html", ".csv", ".json")
_KEPT = 500  # pairs of each exercise, at least: two may be the rarest by all exercises together
_MOST_NAMES = 5  # in a sentence
_SHOWN = 3  # exercises of a pair on the terminal


def _refuse_names(context: click.Context, parameter: click.Parameter, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The callback of `-o`: a name says its format."""
    for path in paths:
        if Path(path).suffix.lower() not in _FORMATS:
            raise click.BadParameter(f"{path!r} does not end in {', '.join(_FORMATS)}", context, parameter)
    return paths


@click.command("similar", short_help="For teachers: list works of a class that are alike.")
@click.argument("submissions", type=click.Path(exists=True, path_type=Path))
@course_options
@roster_option
@click.option(
    "--at-least",
    type=click.FloatRange(0, 1),
    default=0.8,
    show_default=True,
    metavar="SHARE",
    help="How much of the shorter one's own code must stand in the other's, from 0 to 1.",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    metavar="N",
    help="List at most N pairs of students.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    callback=_refuse_names,
    metavar="FILE",
    type=click.Path(),
    help="Write a page with both works side by side (FILE.html), or the list (FILE.csv, FILE.json).",
)
def similar_command(
    submissions: Path,
    *,
    course_root: Path | None,
    settings: Path | None,
    roster: Path | None,
    at_least: float,
    most: int,
    outputs: tuple[str, ...],
) -> int:
    """List pairs of works that are suspiciously alike: a list to look at, never a verdict. Read both works, and hear
    their authors, before you conclude anything.

    Names, numbers, comments and layout are set aside, and so is what stands in the stub or the task. A pair stands the
    higher, the more it shares that hardly anyone else has: a short answer is alike for everyone. In a class of 20 and
    more, what over a third have in common counts for nobody; so does what over a third have copied.
    """
    from grader.classroom.similarity import MOST_CHARACTERS, MOST_IN_LINE, NOTICE

    course = course_of(course_root)
    assignment = read_assignment(settings, course) if settings is not None else whole_course(course)
    by_exercise, facts = _read(submissions, assignment, roster)
    pairs = _compare(assignment, by_exercise, at_least, most)
    cut = sorted({f"{work.student} ({name})" for name, works in by_exercise.items() for work in works if work.is_cut})
    if cut:
        most_read = f"{MOST_CHARACTERS:,} characters, and {MOST_IN_LINE} of a line"
        facts.append(f"Only the first {most_read}, were compared of {_named(cut)}.")
    facts.append(
        f"Listed: at least {at_least:.0%} of the shorter one's own code stands in the other's;"
        f" at most {most} pair{'s' * (most > 1)}."
    )
    for path in outputs:
        screen.write(path, _rendered(path, pairs, assignment.title, facts))
    for line in _told(pairs):
        screen.say(line)
    for fact in [*facts, *(f"Written: {path}" for path in outputs), NOTICE]:
        screen.say(screen.paragraph(_shown(fact)))
    return 0


def _read(submissions: Path, assignment: Assignment, roster: Path | None) -> tuple[dict[str, list["Work"]], list[str]]:
    """The works by exercise, and what there is to say of them."""
    from grader.classroom import intake
    from grader.classroom.roster import read_roster
    from grader.classroom.similarity import Work

    found = intake.discover(submissions, assignment, read_roster(roster) if roster else None)
    by_exercise: dict[str, list[Work]] = {demand.exercise.name: [] for demand in assignment.demands}
    students, without = 0, []
    lacking: list[str] = []
    modules = {exercise.module for exercise in assignment.course.exercises}
    for handed in (intake.take(origin, assignment) for origin in found.origins):
        students += 1
        student = handed.student
        label = f"{student.name} ({student.id})" if student.name else student.id
        taken = {name: file for name, file in handed.files.items() if isinstance(file, Submission)}
        for name, file in taken.items():
            by_exercise[name].append(Work(label, _text(file, modules)))
        if taken:
            lacking += [f"{label} ({name})" for name in handed.files if name not in taken]
        else:
            without.append(label)
    count = len(assignment.demands)
    facts = [f"Compared: the work of {students} students in {count} exercise{'s' * (count > 1)}."]
    facts += found.remarks
    if found.missing:
        facts.append(f"Nothing was handed in by {_named([student.shown for student in found.missing])}.")
    if without:
        facts.append(f"Nothing to compare was found of {_named(without)}.")
    if lacking:
        facts.append(f"Left out, as they were not handed in or could not be taken: {_named(lacking)}.")
    return by_exercise, facts


def _text(file: Submission, modules: set[str]) -> str:
    """The module, and after it further files of the student's that belong to no exercise."""
    text = file.sources[file.module].decode("utf-8", "replace")
    for name, source in sorted(file.sources.items()):
        if name not in modules:
            text += f"\n\n# {name}.py\n{source.decode('utf-8', 'replace')}"
    return text


def _compare(assignment: Assignment, by_exercise: dict[str, list["Work"]], at_least: float, most: int) -> list["Pair"]:
    from grader.classroom.similarity import alike, pairs_of

    found = []
    with screen.progress(len(by_exercise), "Comparing") as bar:
        for exercise in (demand.exercise for demand in assignment.demands):
            try:
                given = [path.read_text("utf-8") for path in (exercise.stub, exercise.readme)]
            except (OSError, ValueError) as error:
                raise CourseError(f"{exercise.name}: {error}; `grade verify {exercise.name}` tells more") from None
            found += alike(exercise.name, by_exercise[exercise.name], given, at_least=at_least, most=max(_KEPT, most))
            bar.update(1, exercise.name)
    return pairs_of(found, most)


def _rendered(path: str, pairs: Sequence["Pair"], title: str, facts: Sequence[str]) -> str | bytes:
    match Path(path).suffix.lower():
        case ".csv":
            from grader.classroom.similar_files import to_csv

            return to_csv(pairs)
        case ".json":
            from grader.classroom.similar_files import to_json

            return to_json(pairs)
        case _:
            from grader.classroom.similar_page import to_html

            return to_html(pairs, title, facts)


def _told(pairs: Sequence["Pair"]) -> Iterator[str]:
    from grader.classroom.similar_page import percent

    if not pairs:
        yield "No pair of works is alike enough to be listed."
        return
    rows = [("rarity", "students", "alike in")]
    for pair in pairs:
        shown = ", ".join(f"{one.exercise} {percent(one.share)}" for one in pair.alike[:_SHOWN])
        more = f" and {len(pair.alike) - _SHOWN} more" if len(pair.alike) > _SHOWN else ""
        rows.append((f"{pair.rarity:.1f}", f"{_shown(pair.first)} and {_shown(pair.second)}", shown + more))
    yield from screen.table(rows)


def _shown(text: str) -> str:
    from grader.report.plain import printable

    return printable(text)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
