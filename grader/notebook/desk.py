"""Asks the command `grade`, in a process of its own: the kernel is the learner's. Runs in: the learner's kernel."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from grader.language import _
from grader.notebook.kernel import NotebookError
from grader.workspace import Workspace, create, workspace_around

_LEAVING_SECONDS = 10  # for an interrupted command to clear away what it started
_ANSWERED = (0, 1)  # exit codes of a command that did its work


class Interrupted(KeyboardInterrupt):
    """The stop button, or Ctrl-C; IPython shows a sentence in place of a traceback."""

    def _render_traceback_(self) -> list[str]:
        return ["grade: " + _("interrupted; nothing was recorded")]


def workspace_of(folder: Path) -> tuple[Workspace, bool]:
    """The workspace around a notebook's folder, else one in the user's data folder, and whether that was made now.

    Raises GraderError where there is none that can be used.
    """
    if found := workspace_around(folder):
        return found, False
    own = platformdirs.user_data_path("neurograde") / "notebook"
    if found := workspace_around(own):
        return found, False
    return create(own)[0], True


def ask(workspace: Workspace, arguments: Sequence[str], given: bytes = b"") -> tuple[bytes, str]:
    """Run `grade` with these arguments in the workspace. Returns its standard output, and what it said beside that.

    Raises NotebookError with its message where it could not do its work, Interrupted after it has ended.
    """
    process = _started(workspace, arguments)
    try:
        _load_what_shows()
        answer, said = process.communicate(given)
    except BaseException as error:
        _end(process)
        raise (Interrupted() if isinstance(error, KeyboardInterrupt) else error) from None
    remarks = said.decode("utf-8", "replace").strip()
    if process.returncode not in _ANSWERED:
        unsaid = _("`grade` ended with {code}; try again").format(code=process.returncode)
        raise NotebookError(remarks.removeprefix("grade: ") or unsaid)
    return answer, remarks


def _started(workspace: Workspace, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.cli", *arguments],  # -P: no file beside the notebook is imported
            cwd=workspace.root,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,  # else the stop button would interrupt it too, a second time
        )
    except OSError as error:
        said = _("{program} can't be started here: {reason}")
        raise NotebookError(said.format(program=sys.executable or "Python", reason=error.strerror)) from None


def _load_what_shows() -> None:
    """While the command works: what draws its answer."""
    from grader.report import as_json, page, terminal  # noqa: F401

    page.environment(__package__)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, which ends the learner's process too."""
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=_LEAVING_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.communicate()
