"""`grade class --compare`: whose marks changed since an earlier gradebook. Runs in: command line."""

from typing import TYPE_CHECKING

import msgspec

from grader.cli import screen
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.classroom.gradebook import Gradebook
    from grader.classroom.model import ClassBook


def say_changes(old: "Gradebook", book: "ClassBook") -> None:
    """Print who differs, each marked by the settings of their own gradebook."""
    from grader.classroom.compare import changes

    found = list(changes(old.rows(), book.rows, book.assignment, _counted_by(old, book.assignment)))
    screen.say(f"{len(found)} differ from {old.path.parent}" if found else "nobody's marks changed")
    for change in found:
        scores = " → ".join("-" if score is None else f"{score:.4g}" for score in (change.before, change.after))
        screen.say(f"  {change.student}: {scores}; {'; '.join(change.why)}")


def _counted_by(gradebook: "Gradebook", otherwise: "Assignment") -> "Assignment":
    """The assignment of a gradebook's own; another one where it asks for what the course no longer has."""
    from grader.assignment import from_description

    try:
        description = msgspec.json.decode(gradebook.setting("assignment"))
        return from_description(description, otherwise.course, str(gradebook.path))
    except (CourseError, msgspec.DecodeError):
        return otherwise
