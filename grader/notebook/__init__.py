"""Check functions from the cells of a notebook: `import grader.notebook as grade`. Runs in: the learner's kernel.

The kernel is the learner's process, so nothing is graded here: the source of the function, with what it needs from
other cells, goes to the command `grade` in a process of its own, and its report comes back. Like the command line,
these functions show what they have to say. What they can't do is a NotebookError.

`%load_ext grader.notebook` adds the magics `%grade NAME` and `%%grade NAME`.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader import language
from grader.errors import GraderError, WorkspaceError
from grader.gathering import OF_IPYTHON, Cells, Gathered
from grader.language import _
from grader.notebook.choosing import exercise_of, name_of, names_in
from grader.notebook.desk import ask, workspace_of
from grader.notebook.kernel import NotebookError, cells_of, origins_of, running_shell
from grader.workspace import Workspace

__all__ = ["NotebookError", "check", "hint", "load_ipython_extension", "progress", "task"]

_NOT_YET = "\n\ndef {}(*_, **__):\n    raise NotImplementedError\n"  # as the stub has it: not begun is no mistake


def check(function: object, *, exercise: str | None = None) -> None:
    """Grade a function that cells define, and show the verdict; the attempt counts like one of `grade run`.

    `function` is the function, its name, or the name of an exercise. Others of the same exercise are taken along.
    `exercise` says which one is meant where several ask for that name.
    """
    shell = _shell()
    workspace = _workspace()
    name = name_of(function)
    target = exercise_of(workspace.course, name, exercise)
    cells = Cells(cells_of(shell), origins_of(shell))
    names = names_in(cells, target, name)
    gathered = cells.gather(names)
    source = gathered.source + "".join(_NOT_YET.format(one) for one in target.functions if one not in names)
    answer, said = ask(workspace, ["run", target.name, "--code", "-", "--json", "-"], source.encode())
    remarks = [*said.splitlines(), *_missing(gathered, shell.user_ns)]

    from grader.notebook.verdict import in_cells, shown
    from grader.report.as_json import from_json

    report = in_cells(from_json(answer), gathered)
    stuck = "" if report.passed else _('Stuck? grade.hint("{exercise}")').format(exercise=target.name)
    _show(shown(report, remarks, {target.name: target.why}, stuck))


def hint(function: object, *, exercise: str | None = None) -> None:
    """Show the next hint of an exercise, below those that were taken; how many is kept, and costs nothing."""
    from grader.notebook.verdict import paragraphs
    from grader.progress import Progress

    _shell()
    workspace = _workspace()
    target = exercise_of(workspace.course, name_of(function), exercise)
    total = len(target.hints)
    if not total:
        raise NotebookError(_("{exercise} has no hints yet").format(exercise=target.name))
    try:
        workspace.make_state_folder()
        with Progress.open(workspace.progress_path) as kept:
            level, remarks = kept.take_hint(target.name, total), kept.messages
    except WorkspaceError as error:  # where none can be counted, all are shown
        level, remarks = total, [str(error)]
    lead = _("Hint {number} of {total}.")
    hints = [(lead.format(number=number, total=total), text) for number, text in enumerate(target.hints[:level], 1)]
    again = _('Not enough? grade.hint("{exercise}") again shows the next one too.')
    more = again.format(exercise=target.name) if level < total else _("That was the last one.")
    _show(paragraphs([*(("", remark) for remark in remarks), *hints, ("", more)]))


def task(function: object, *, exercise: str | None = None) -> None:
    """Show the text of an exercise."""
    _shell()
    workspace = _workspace()
    target = exercise_of(workspace.course, name_of(function), exercise)
    text = target.readme.read_text(encoding="utf-8")
    _show({"text/markdown": text, "text/plain": text})


def progress() -> None:
    """Show the course by chapters, and where you stand."""
    _shell()
    workspace = _workspace()
    answer, said = ask(workspace, ["list"])
    kept = _("Kept in {folder}").format(folder=workspace.root)
    _show({"text/plain": "\n".join([*said.splitlines(), answer.decode().rstrip(), kept])})


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext grader.notebook`: the magics `%grade NAME`, and `%%grade NAME`, which runs its cell before."""

    def grade(line: str, cell: str | None = None) -> None:
        _shell()
        name = line.strip().strip("'\"")
        if not name:
            raise NotebookError(_("name a function or an exercise: %grade softmax"))
        if cell is not None and not shell.run_cell(cell).success:
            raise NotebookError(_("the cell did not run to its end, so nothing was graded"))
        check(name)

    shell.register_magic_function(grade, "line_cell", "grade")


def _shell() -> Any:
    """IPython's shell, and from now on the language of its environment. Raises NotebookError where there is none."""
    language.use(language.wanted(os.environ))  # asked each time, as by `grade`, which is started with it as it is then
    return running_shell()


def _workspace() -> Workspace:
    """Where progress is kept. That a place was made for it is said once."""
    try:
        workspace, is_new = workspace_of(Path.cwd())
    except GraderError as error:
        raise NotebookError(str(error)) from None
    if is_new:
        said = _("There is no workspace around this notebook, so your progress is kept in {folder}")
        _show({"text/plain": said.format(folder=workspace.root)})
    return workspace


def _missing(gathered: Gathered, known: Mapping[str, object]) -> Iterator[str]:
    """What the function needs, and the notebook has, but no cell's text."""
    for name in gathered.unbound:
        if name in OF_IPYTHON:
            said = _("{name} is the notebook's own and is not there when your function is graded; do without it")
            yield said.format(name=name)
        elif name in known:
            said = _("{name} is in the notebook's memory, but no cell that has run defines it; run one that does")
            yield said.format(name=name)


def _show(bundle: dict[str, str]) -> None:
    running_shell().display_pub.publish(data=bundle, metadata={})
