"""`grade quiz --export`: a chapter's questions, or all, as files for other systems. Runs in: command line."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from grader.cli import screen
from grader.course import Course
from grader.quiz.bank import Quiz
from grader.quiz.export import DrawnQuiz, Losses, draw_class

FORMATS = {"gift": "gift", "qti": "zip", "mdbook": "toml"}  # and how their files' names end
SEED = "class"
_MOST_NAMES = 10  # of the questions that a sentence is about


def export(course: Course, banks: Sequence[Quiz], wanted: str, path: str, *, seed: str, variants: int) -> None:
    """Write the quizzes in a format: to one file, or to a folder with a file for each chapter.

    Raises CourseError, ExportError, WorkspaceError, and click.UsageError where one file can't hold several chapters.
    """
    losses = Losses()
    write = _writer(wanted)
    titles = {chapter.folder: chapter.title for chapter in course.chapters}
    into_folder = path != "-" and (Path(path).is_dir() or path.endswith("/"))
    if not into_folder and len(banks) > 1 and wanted != "gift":
        raise click.UsageError(f"{wanted} has a file for each chapter; name a folder, as -o quizzes/, or a chapter")
    drawn = [draw_class(bank, course.id, titles[bank.chapter], seed, variants) for bank in banks]
    files = {quiz.chapter: write(quiz, losses) for quiz in drawn}
    if into_folder:
        for chapter, data in files.items():
            screen.write(str(Path(path) / f"{chapter}.{FORMATS[wanted]}"), data)
    else:
        screen.write(path, b"\n".join(files.values()))
    _tell(drawn, path, losses)


def _writer(wanted: str) -> Callable[[DrawnQuiz, Losses], bytes]:
    match wanted:
        case "gift":
            from grader.quiz.gift import gift

            return lambda quiz, losses: gift(quiz, losses).encode()
        case "qti":
            from grader.quiz.qti import qti

            return qti
        case _:
            from grader.quiz.mdbook import mdbook

            return lambda quiz, losses: mdbook(quiz, losses).encode()


def _tell(drawn: Sequence[DrawnQuiz], path: str, losses: Losses) -> None:
    """What was written, and what the format could not hold: on standard error, as the file may be standard output."""
    questions = sum(len(quiz.groups) for quiz in drawn)
    items = sum(len(group) for quiz in drawn for group in quiz.groups)
    variants = f", {items} with their variants" if items > questions else ""
    where = "standard output" if path == "-" else path
    rows = [screen.paragraph(f"{where}: {questions} questions{variants}, with the answers: for the teacher.")]
    if losses.found:
        rows.append("What this format can't hold as it is:")
    rows += [screen.hanging("- ", f"{sentence} ({_named(names)})") for sentence, names in losses.found.items()]
    click.echo("\n".join(rows), err=True)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{len(names)}: {', '.join(names[:_MOST_NAMES])}{more}"
