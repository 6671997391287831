"""The command `grade`: parse, call, print, exit. Runs in: command line.

Commands return exit codes. Whatever they raise becomes a message and a code in `main`, in one place.
"""

import atexit
import errno
import gc
import os
import sys
import threading
from contextlib import suppress
from enum import IntEnum
from importlib import import_module
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from grader import __version__, language
from grader.blas import one_thread
from grader.errors import GraderError, SandboxError
from grader.language import _

_EXIT_CODES = """\b
Exit codes:
  0    all graded exercises passed (or the command did its work)
  1    some did not pass (or `verify` found something)
  2    wrong usage, or a file or folder that you can mend
  3    a fault of the grader's own
  4    the sandbox level that was asked for is not to be had here
  130  interrupted
"""


class ExitCode(IntEnum):
    """What the command tells the shell."""

    PASSED = 0
    NOT_PASSED = 1
    USAGE = 2
    FAULT = 3
    NO_SANDBOX = 4
    INTERRUPTED = 130


_COMMANDS = {  # in the order in which help shows them; a module is imported when its command is asked for
    "run": ("grading:run_command", "Grade all exercises, or those named, and show where you stand."),
    "watch": ("watch:watch_command", "Grade again whatever you save."),
    "list": ("listing:list_command", "Show the course by chapters: exercise, title, points, state."),
    "report": ("report:report_command", "Write a page of your course, with pictures."),
    "init": ("workspace_commands:init_command", "Make a workspace in DIR: stubs and texts."),
    "quiz": ("quiz:quiz_command", "Answer a chapter's questions; review what was wrong."),
    "challenge": ("challenge:challenge_command", "Write the test: catch an exercise's wrong solutions."),
    "hint": ("workspace_commands:hint_command", "Show the next hint of an exercise."),
    "reset": ("workspace_commands:reset_command", "Put the stub of an exercise back."),
    "solution": ("workspace_commands:solution_command", "Show the reference of an exercise, once yours has passed."),
    "data": ("workspace_commands:data_command", "Say what data is here, or fetch MNIST."),
    "doctor": ("author:doctor_command", "Say what is installed and what is missing."),
    "completion": ("completion:completion_command", "Set up Tab completion in your shell."),
    "suite": ("suite:suite_command", "Run any test files against modules in the sandbox."),
    "release": ("release:release_command", "For teachers: cut an assignment for students."),
    "class": ("classroom:class_command", "For teachers: grade what a class handed in."),
    "export": ("class_export:export_command", "For teachers: write a class's marks for an LMS."),
    "similar": ("similar:similar_command", "For teachers: list works of a class that are alike."),
    "verify": ("author:verify_command", "Prove that a course holds: for its authors and their CI."),
}


# For teachers and authors: always in English, so that a class is marked in the same words on every machine.
_IN_ENGLISH = frozenset({"suite", "release", "class", "export", "similar", "verify"})


class _LazyGroup(click.Group):
    """Commands by name, each imported on first use, so that none pays for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"grader.cli.{module}"), attribute)
        if language.language() != language.ENGLISH:
            from grader.cli.helps import translate

            translate(command, in_full=cmd_name not in _IN_ENGLISH)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All of them, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, language._(said)) for name, (_, said) in _COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Their names with what is said of them, without importing any; options as everywhere."""
        found = [(name, language._(said)) for name, (_, said) in _COMMANDS.items() if name.startswith(incomplete)]
        return [CompletionItem(name, help=said) for name, said in found] + click.Command.shell_complete(
            self, ctx, incomplete
        )


@click.group(
    cls=_LazyGroup,
    invoke_without_command=True,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="neurograde", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> int | None:
    """Self-grading exercises on neural-network basics in NumPy.

    Without a command, all exercises of the course around this folder are graded (`grade run`). Begin with
    `grade init DIR`.
    """
    if context.invoked_subcommand in _IN_ENGLISH:
        language.use(language.ENGLISH)
    if context.invoked_subcommand is not None:
        return None
    command = cli.get_command(context, "run")
    assert command is not None
    with command.make_context("run", [], parent=context) as run:  # unlike `invoke`, this reads environment variables
        code: int = command.invoke(run)
    return code


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit code.

    Collecting garbage while modules load finds nothing, and to take them apart at the end is of no use: both together
    take a quarter of a short run.
    """
    gc.disable()
    one_thread()
    code = _guarded(arguments)
    gc.freeze()
    if threading.active_count() > 1:  # Python knows how to leave them
        _flush()
        sys.exit(code)
    atexit._run_exitfuncs()
    _flush()
    os._exit(code)


def _flush() -> None:
    """Say what is still to be said, if anybody listens."""
    with suppress(AttributeError, OSError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except AttributeError:  # the command was started without any standard output
        pass
    except OSError:  # the reader, `head` for one, has gone; or the disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _guarded(arguments: list[str] | None) -> int:
    try:
        _choose_language()
        code = cli.main(arguments, standalone_mode=False)
        return int(code) if isinstance(code, int) else ExitCode.PASSED
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        said = _("Interrupted; what was recorded before is kept.")
        click.echo(f"\n{said}", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PASSED
    except Exception as error:
        code, message = _told(error)
        click.echo(message, err=True)
        return code


def _choose_language() -> None:
    """That of the environment, where this terminal can show it."""
    code = language.wanted(os.environ)
    if code == language.ENGLISH:
        return
    from grader.cli import helps, screen

    if not screen.ascii_only():
        language.use(code)
        helps.translate(cli)


def _told(error: Exception) -> tuple[ExitCode, str]:
    """The exit code and the message of an exception that is being handled."""
    if isinstance(error, SandboxError):
        return ExitCode.NO_SANDBOX, f"grade: {error}"
    if isinstance(error, GraderError):
        return ExitCode.USAGE, f"grade: {error}"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        said = _("{file}: the disk is full; make room and try again").format(file=error.filename or _("output"))
        return ExitCode.USAGE, f"grade: {said}"
    if isinstance(error, FileNotFoundError) and _is_nowhere():
        said = _("the folder in which you are is gone; `cd` to one that is there")
        return ExitCode.USAGE, f"grade: {said}"
    if in_the_way := _in_the_way(error):
        said = _("{file} has the name of a module that `grade` needs; rename it, or take its folder out of PYTHONPATH")
        return ExitCode.USAGE, f"grade: {said.format(file=in_the_way)}"
    return ExitCode.FAULT, _own_fault()


def _in_the_way(error: Exception) -> str | None:
    """A file in a folder of PYTHONPATH that was imported in the place of a module, and lacks what that has."""
    if isinstance(error, AttributeError):
        found = error.obj
    elif isinstance(error, ImportError):
        found = sys.modules.get((error.name or "").partition(".")[0])
    else:
        return None
    file = getattr(found, "__file__", None)
    if type(found) is not type(sys) or file is None:
        return None
    from pathlib import Path

    folders = (Path(folder).resolve() for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder)
    return file if Path(file).resolve().parent in folders else None


def _is_nowhere() -> bool:
    """Whether the current folder was removed."""
    from pathlib import Path

    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _own_fault() -> str:
    """Keep the traceback in a file: it is for us, not for the person at the keyboard."""
    import tempfile
    import traceback

    text = traceback.format_exc()
    message = f"grade: a fault of the grader's own, not of yours: {text.strip().splitlines()[-1]}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="neurograde-fault-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(f"neurograde {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{text}")
    except OSError:
        return f"{message}\nPlease report it, with this text:\n{text}"
    return f"{message}\nPlease report it, with the file {file.name}"
