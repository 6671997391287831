"""Which exercise is meant: by the name of a function, or by its own. Runs in: the learner's kernel."""

from difflib import get_close_matches

from grader.course import Course, Exercise
from grader.gathering import Cells
from grader.language import _
from grader.notebook.kernel import NotebookError


def name_of(thing: object) -> str:
    """The name of a function or class, or the text itself. Raises NotebookError where it has none."""
    name = thing if isinstance(thing, str) else getattr(thing, "__name__", None)
    if not isinstance(name, str) or not name.strip() or name == "<lambda>":
        said = _('this has no name to go by; write it with `def`, or give the name: grade.check("softmax")')
        raise NotebookError(said)
    return name.strip()


def exercise_of(course: Course, name: str, exercise: str | None = None) -> Exercise:
    """The exercise that asks for a function, or has that name; `exercise` says which of several.

    Raises NotebookError where that is none, or not one.
    """
    if exercise is not None:
        found = _called(course, exercise)
        if not found:
            raise NotebookError(_unknown(course, exercise))
        if name not in (*_asked_for(found[0]), found[0].name, found[0].module):
            said = _("{exercise} does not ask for {name}; call the function {wanted}")
            wanted = _(" or ").join(_asked_for(found[0]))
            raise NotebookError(said.format(exercise=found[0].name, name=name, wanted=wanted))
    else:
        found = [e for e in course.exercises if name in _asked_for(e)] or _called(course, name)
    if not found:
        raise NotebookError(_unknown(course, name))
    if len(found) > 1:
        said = _('{name} is asked for by {exercises}; say which one: exercise="{first}"')
        names = ", ".join(e.name for e in found)
        raise NotebookError(said.format(name=name, exercises=names, first=found[0].name))
    return found[0]


def names_in(cells: Cells, exercise: Exercise, name: str) -> list[str]:
    """What the exercise asks for and cells define. Raises NotebookError where that is nothing, or not `name`."""
    asked_for = _asked_for(exercise)
    found = [one for one in asked_for if cells.define(one)]
    if not found or (name in asked_for and name not in found):
        said = _("no cell that has run defines {name}; write it in a cell, run that, and check it then")
        raise NotebookError(said.format(name=name if name in asked_for else _(" or ").join(asked_for)))
    return found


def _asked_for(exercise: Exercise) -> tuple[str, ...]:
    return (*exercise.functions, *exercise.constants)


def _called(course: Course, name: str) -> list[Exercise]:
    return [e for e in course.exercises if name in (e.name, e.module)]


def _unknown(course: Course, name: str) -> str:
    known = [text for e in course.exercises for text in (*_asked_for(e), e.name)]
    near = list(dict.fromkeys(get_close_matches(name, known, n=2, cutoff=0.6)))
    if near:
        said = _(
            "no exercise of this course asks for {name} (did you mean {nearest}?);"
            " `grade.progress()` shows all exercises"
        )
        return said.format(name=repr(name), nearest=_(" or ").join(near))
    said = _("no exercise of this course asks for {name}; `grade.progress()` shows all exercises")
    return said.format(name=repr(name))
