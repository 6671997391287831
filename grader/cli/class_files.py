"""What is made of a gradebook: a table, a page for each student, and two for the class. Runs in: command line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import screen

if TYPE_CHECKING:
    from grader.classroom.model import ClassBook


def write(book: "ClassBook", out: Path) -> None:
    """Write all of it into a folder."""
    from grader.classroom.exports.gradebook_csv import gradebook_csv
    from grader.classroom.exports.options import Options
    from grader.classroom.exports.places import places
    from grader.classroom.pages.statistics import statistics_of

    class_page, student_page = load()
    for name, data in gradebook_csv(book, Options()).items():
        screen.write(str(out / name), data)
    now = datetime.now().astimezone()
    pages = {student: f"students/{name}.html" for student, name in places(row.student.id for row in book.rows).items()}
    with screen.progress(len(book.rows), "Writing pages") as bar:
        for row in book.rows:
            screen.write(str(out / pages[row.student.id]), student_page(row, book.assignment, now))
            bar.update(1)
    found = statistics_of(book)
    screen.write(str(out / "class.html"), class_page(book, now, links=pages, statistics=found))
    screen.write(str(out / "class-anonymous.html"), class_page(book, now, anonymous=True, statistics=found))


def load() -> tuple[Callable[..., str], Callable[..., str]]:
    """What draws the pages of a class and of a student; it takes a while."""
    from grader.classroom import pages
    from grader.classroom.pages.class_page import class_page
    from grader.classroom.pages.student_page import student_page
    from grader.report.page import environment

    for name in ("class.html.j2", "student.html.j2"):
        environment(pages.__name__).get_template(name)
    return class_page, student_page
