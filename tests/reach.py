"""Let the user in that a process of root's becomes where Python is installed for all; pytest's folders are shut.

Only at the levels without bubblewrap, where a test's code writes into a file or a pipe to say that it ran.
"""

import os
import tempfile
from pathlib import Path

_ANYBODY = 0o777
_PASS_THROUGH = 0o011


def reachable(folder: Path) -> Path:
    """This folder, in which from now on anybody may write, below folders that let anybody through."""
    folder.chmod(_ANYBODY)
    for above in folder.parents:
        if above == Path(tempfile.gettempdir()) or above.stat().st_uid != os.geteuid():
            break
        above.chmod(above.stat().st_mode | _PASS_THROUGH)
    return folder


def make_pipe(folder: Path) -> Path:
    """A pipe in this folder, into which anybody may write."""
    pipe = reachable(folder) / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(_ANYBODY)
    return pipe
