"""A shell in a real terminal of 80 columns, driven by keys and read as a person sees it."""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

SECONDS = "60"  # at most for one command
_PROMPT = r"""
PS1='$ '
PROMPT_COMMAND='tmux wait-for -S prompt'
unset HISTFILE
"""


class Terminal:
    """A tmux server of its own. To be closed."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="tmux-")  # a socket's path must be short
        start = folder / ".shell"
        start.write_text(_PROMPT)
        self._environment = {name: value for name, value in environment.items() if name not in ("TMUX", "TMUX_PANE")}
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", "80", "-y", "50", "-c", str(folder), *self._shell(start)
        )
        self._tmux("set-option", "-g", "history-limit", "5000")
        self._at_prompt()

    @staticmethod
    def _shell(start: Path) -> list[str]:
        return ["bash", "--noprofile", "--rcfile", str(start), "-i"]

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["timeout", SECONDS, "tmux", "-u", "-S", f"{self._place.name}/socket", *arguments],
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"tmux {arguments}: {done.returncode} {done.stderr}\n{self._seen()}"
        return done.stdout

    def _seen(self) -> str:
        command = ["tmux", "-S", f"{self._place.name}/socket", "capture-pane", "-p"]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout

    def _at_prompt(self) -> None:
        """Wait until the shell asks for the next command: it says so just before the prompt stands there."""
        self._tmux("wait-for", "prompt")
        self._until_last("$")

    def run(self, *lines: str) -> str:
        """Type a command, then each answer when it is asked for. Returns all that is seen when the shell is back."""
        self._tmux("send-keys", "-R")
        self._tmux("clear-history")
        command, *answers = lines
        self._type(command)
        for answer in answers:
            self._until_asked()
            self._type(answer)
        self._at_prompt()
        return self._tmux("capture-pane", "-p", "-S", "-")

    def open(self, command: str, until: str) -> str:
        """Type a command that fills the window, and wait until this pattern is found in it. Returns the window."""
        self._tmux("send-keys", "-R")
        self._type(command)
        return self._until(until)

    def press(self, key: str, until: str) -> str:
        """Press a key, and wait until this pattern is found in the window. Returns the window."""
        self._tmux("send-keys", key)
        return self._until(until)

    def leave(self, key: str) -> str:
        """Press the key that ends it, and wait until the shell is back. Returns all that is seen then."""
        self._tmux("send-keys", key)
        self._at_prompt()
        return self._seen()

    def _until(self, wanted: str) -> str:
        end = time.monotonic() + float(SECONDS)
        while not re.search(wanted, (seen := self._seen()).rstrip()):
            assert time.monotonic() < end, seen
        return seen

    def _type(self, line: str) -> None:
        self._tmux("send-keys", "-l", line)
        self._tmux("send-keys", "Enter")

    def _until_asked(self) -> None:
        """Wait until the last line is the question's prompt."""
        self._until_last("\n>")

    def _until_last(self, wanted: str) -> None:
        end = time.monotonic() + float(SECONDS)
        while not self._seen().rstrip().endswith(wanted):
            assert time.monotonic() < end, self._seen()

    def close(self) -> None:
        """End the server and all that runs in it."""
        self._tmux("kill-server")
        self._place.cleanup()
