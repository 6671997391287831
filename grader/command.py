"""The installed command `grade`: Ctrl-C is heard from its first moment. Runs in: command line."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Load the command and run it. Who is sooner than that with Ctrl-C sees no traceback."""
    try:
        from grader.cli import main as run
    except BaseException as error:
        if KeyboardInterrupt in (type(error), type(error.__cause__)):  # in the midst of a class Python wraps it
            sys.exit(130)  # as `grader.cli.ExitCode` has it, which is not there yet
        raise
    run()
