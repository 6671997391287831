"""What to do after grading, in a sentence. Runs in: command line."""

import os
from pathlib import Path

from grader.errors import WorkspaceError
from grader.language import _
from grader.result import Outcome, Report
from grader.workspace import Release, Workspace


def after_references(report: Report) -> str:
    """What to do when the course's own solutions were graded."""
    if not report.passed:
        return _("A reference does not pass: `grade verify` says what is wrong with the course.")
    return _("The references pass. Begin on your own: `grade init my-course`, then `cd my-course` and `grade`.")


def without_exercises() -> str:
    """What to do with an assignment of quizzes alone."""
    return _("This assignment has no exercises; `grade quiz` asks its questions.")


def next_step(workspace: Workspace, report: Report) -> str:
    """What to do now: the first exercise, in the course's order, that has not passed yet."""
    if not workspace.course.exercises:
        return without_exercises()
    graded = {e.name: e for e in report.exercises}
    passed = {name for name, e in graded.items() if e.passed} | _passed_before(workspace)
    left = [e for e in workspace.course.exercises if e.name not in passed and e.name not in _all_hidden(report)]
    started = [e for e in left if e.name in graded and graded[e.name].outcome is not Outcome.NOT_STARTED]
    if not left and workspace.release is not None:
        return _hand_in(workspace.release)
    if not left:
        return _("All exercises have passed.")
    target = (started or left)[0]
    path = _shown_path(workspace.file_of(target))
    if target in started:
        said = _("{file}: mend it and run `grade run {exercise}`. Stuck? `grade hint {exercise}`")
        return said.format(file=path, exercise=target.name)
    readme = _shown_path(workspace.file_of(target).with_name("README.md"))
    said = _("Next: {title}. Read {readme}, write {file}, then run `grade run {exercise}`.")
    return said.format(title=target.title, readme=readme, file=path, exercise=target.name)


def _all_hidden(report: Report) -> set[str]:
    return {e.name for e in report.exercises if e.all_hidden}


def _hand_in(release: Release) -> str:
    """What is left to do where every visible check is met."""
    if release.due is None:
        return _("Nothing more can be seen here. Try cases of your own, then hand in as README.md says.")
    # Translators: a date as strftime writes it; names of months are English, so numbers are better.
    due = release.due.strftime(_("%d %B %Y, %H:%M %Z"))
    said = _("Nothing more can be seen here. Try cases of your own, then hand in as README.md says, due {due}.")
    return said.format(due=due)


def _passed_before(workspace: Workspace) -> set[str]:
    from grader.progress import Progress

    if not workspace.has_progress:
        return set()
    try:
        with Progress.open(workspace.progress_path) as progress:
            return {name for name, outcome in progress.last().items() if outcome is Outcome.PASSED}
    except WorkspaceError:
        return set()


def _shown_path(path: Path) -> str:
    """A path as one would type it here, which is somewhere in the workspace."""
    return os.path.relpath(path)
