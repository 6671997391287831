"""The picture of an exercise, drawn from the learner's functions after its checks. Runs in: checks.

Nothing that goes wrong here costs the verdict: in place of the picture stands a sentence that says why there is none.
"""

import importlib.util
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from grader.asking import NoPicture, noting
from grader.course import Exercise
from grader.explain import clip
from grader.figures import Figure
from grader.language import _
from grader.session import LearnerGone, Session

_LONGEST = 300  # characters of a reason


def figures_of(session: Session) -> tuple[Figure, ...]:
    """The picture of a session's exercise, or why there is none; nothing where its author drew none.

    The session's checks are over, and it still serves the exercise's module. Raises KeyboardInterrupt.
    """
    exercise = session.exercise
    if not exercise.picture_file.is_file():
        return ()
    if session.problem is not None:
        return (_missing(exercise, _("your file could not be used, as said above")),)
    try:
        session.begin("the picture")
        return (_drawn(exercise),)
    except LearnerGone:
        over = session.fault or session.problem
        said = over.message if over is not None else _("the process of your code ended")
        return (_missing(exercise, said),)
    except (NoPicture, pytest.skip.Exception) as error:
        return (_missing(exercise, str(error)),)
    except (Exception, SystemExit) as error:
        said = _("a fault of the grader's own, not of yours: {error}")
        return (_missing(exercise, said.format(error=f"{type(error).__name__}: {error}"), fault=True),)
    finally:
        session.end()


def _drawn(exercise: Exercise) -> Figure:
    with noting() as notes, np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numbers that are not right; where they count a check has said so
        figure = _picture(exercise)()
    if not isinstance(figure, Figure):
        raise TypeError(f"{exercise.picture_file.name}: picture() returned a {type(figure).__name__}, no Figure")
    return replace(figure, notes=(*figure.notes, *notes))


def _picture(exercise: Exercise) -> Callable[[], Figure]:
    """The function `picture` of a module that is made anew: it imports what answers now."""
    spec = importlib.util.spec_from_file_location(f"_picture_{exercise.module}", exercise.picture_file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    picture: Callable[[], Figure] = module.picture
    return picture


def _missing(exercise: Exercise, why: str, *, fault: bool = False) -> Figure:
    why = clip(why, _LONGEST)
    said = _("No picture: {reason}") if why.endswith(("?", ".", "…", "。")) else _("No picture: {reason}.")
    return Figure(exercise.title, missing=said.format(reason=why), fault=fault)
