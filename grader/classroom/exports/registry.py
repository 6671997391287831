"""All export formats by name. Runs in: the command line."""

from collections.abc import Callable

from msgspec import Struct

from grader.classroom.exports.canvas import canvas, canvas_notes
from grader.classroom.exports.class_json import class_json
from grader.classroom.exports.classroom50 import classroom50, classroom50_notes
from grader.classroom.exports.exercism import exercism
from grader.classroom.exports.gradebook_csv import gradebook_csv
from grader.classroom.exports.gradescope import gradescope, gradescope_notes
from grader.classroom.exports.junit import junit
from grader.classroom.exports.moodle import moodle, moodle_notes, moodle_worksheet, worksheet_notes
from grader.classroom.exports.nbgrader import nbgrader
from grader.classroom.exports.options import Files, Options
from grader.classroom.exports.prairielearn import prairielearn
from grader.classroom.model import ClassBook


def _nothing(book: ClassBook, options: Options) -> list[str]:
    del book, options
    return []


class Format(Struct, frozen=True):
    """One format. `write` makes all its files; `notes` says what the other system would do with them."""

    name: str
    description: str  # one line
    write: Callable[[ClassBook, Options], Files]
    notes: Callable[[ClassBook, Options], list[str]] = _nothing
    per_student: bool = False  # a folder for each student, in place of one file


FORMATS = {
    format_.name: format_
    for format_ in (
        Format("csv", "our own table: states, points, penalties, remarks", gradebook_csv),
        Format("canvas", "Canvas: import into the gradebook", canvas, canvas_notes),
        Format("moodle", "Moodle: CSV import into the gradebook", moodle, moodle_notes),
        Format("moodle-worksheet", "Moodle: an assignment's grading worksheet", moodle_worksheet, worksheet_notes),
        Format("nbgrader", "nbgrader: the table of `nbgrader export`", nbgrader),
        Format("json", "everything that was found, for the teacher's programs", class_json),
        Format("gradescope", "Gradescope: results.json of each student", gradescope, gradescope_notes, True),
        Format("prairielearn", "PrairieLearn: results.json of each student", prairielearn, per_student=True),
        Format("classroom50", "Classroom 50: result.json of each student", classroom50, classroom50_notes, True),
        Format("exercism", "Exercism: test runner results (v3) of each student", exercism, per_student=True),
        Format("junit", "JUnit XML of each student, and class.xml", junit, per_student=True),
    )
}
