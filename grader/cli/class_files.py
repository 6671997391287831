"""What is made of a gradebook: a table, a page for each student, and two for the class. Runs in: command line."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from grader.cli import screen

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.classroom.model import ClassBook, Row

_AT_ONCE = 20  # pages that a process draws before it says so
_MOST_NAMED = 10  # files in one sentence
_WORTH_IT = 60  # pages for one process: with fewer it takes longer to make it than to draw them


def write(book: "ClassBook", out: Path, jobs: int = 1) -> None:
    """Write all of it into the gradebook's folder, the students' pages in so many processes."""
    from grader.classroom.exports.gradebook_csv import gradebook_csv
    from grader.classroom.exports.options import Options
    from grader.classroom.exports.places import places
    from grader.classroom.pages.statistics import statistics_of

    class_page, _ = load()
    for name, data in gradebook_csv(book, Options()).items():
        screen.write(str(out / name), data)
    now = datetime.now().astimezone()
    pages = {student: f"students/{name}.html" for student, name in places(row.student.id for row in book.rows).items()}
    students = _Students(out, book.assignment, now, pages)
    with screen.progress(len(pages), "Writing pages") as bar:
        for count in students.draw(book, min(jobs, len(pages) // _WORTH_IT)):
            bar.update(count)
    _say_left(out / "students", pages)
    found = statistics_of(book)
    screen.write(str(out / "class.html"), class_page(book, now, links=pages, statistics=found))
    screen.write(str(out / "class-anonymous.html"), class_page(book, now, anonymous=True, statistics=found))


def _say_left(folder: Path, pages: Mapping[str, str]) -> None:
    """Name the pages that an earlier run has left and this one has not written: they would pass for today's."""
    written = {Path(page).name for page in pages.values()}
    left = sorted(path.name for path in folder.glob("*.html") if path.name not in written)
    if left:
        some = ", ".join(left[:_MOST_NAMED]) + (", …" if len(left) > _MOST_NAMED else "")
        pages_are = "1 page of an earlier run lies" if len(left) == 1 else f"{len(left)} pages of an earlier run lie"
        screen.say(f"{pages_are} in {folder}: {some}; remove what is nobody's before you hand pages out")


def load() -> tuple[Callable[..., str], Callable[..., str]]:
    """What draws the pages of a class and of a student; it takes a while."""
    from grader.classroom import pages
    from grader.classroom.pages.class_page import class_page
    from grader.classroom.pages.student_page import student_page
    from grader.report.page import environment

    for name in ("class.html.j2", "student.html.j2"):
        environment(pages.__name__).get_template(name)
    return class_page, student_page


class _Students(Struct, frozen=True):
    """The students' pages of a class."""

    out: Path
    assignment: "Assignment"
    now: datetime
    pages: Mapping[str, str]  # where each goes, by the student's id

    def draw(self, book: "ClassBook", jobs: int) -> Iterator[int]:
        """Write all of them. Says after each few how many that were."""
        from grader.processes import can_fork, processes

        if jobs <= 1 or not can_fork():  # to start one takes as long as hundreds of pages
            for row in book.rows:
                self._write(row)
                yield 1
            return
        waiting = iter(self.pages)
        shares = list(iter(lambda: list(islice(waiting, _AT_ONCE)), []))
        with processes(jobs, begin=partial(_begin, self)) as pool:
            yield from pool.map(_draw, shares)

    def of(self, ids: list[str]) -> int:
        """Write those of these students, by rows that are read anew: a gradebook is not shared with a fork."""
        from grader.classroom.gradebook import Gradebook

        with Gradebook.existing(self.out) as gradebook:
            for row in filter(None, map(gradebook.row, ids)):
                self._write(row)
        return len(ids)

    def _write(self, row: "Row") -> None:
        from grader.classroom.pages.student_page import student_page

        screen.write(str(self.out / self.pages[row.student.id]), student_page(row, self.assignment, self.now))


_ours: list[_Students] = []  # in a process that draws: what it draws


def _begin(students: _Students) -> None:
    _ours.append(students)


def _draw(ids: list[str]) -> int:
    return _ours[0].of(ids)
