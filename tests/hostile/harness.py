"""Grade attacks by the real command, and look at everything that they may have done."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from grader.pool import survey
from grader.result import SandboxLevel

from . import ground as grounds
from . import watched
from .attack import Attack
from .ground import Ground

LONGEST_SECONDS = 240.0  # of one run; then it is ended, and the run counts as one that did not end
ENDED = "the command did not end by itself"
_OPEN_PLACES = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ALLOWED_ELEMENTS = re.compile(
    "html|head|meta|title|style|body|a|div|header|nav|main|section|article|aside|footer|h[1-4]|p|progress|ul|li|dl|dt"
    "|dd|details|summary|span|strong|b|code|pre"
)
_ALLOWED_LINK = re.compile(r"#[\w./-]*")
VERDICTS = {
    "passed": {"pass"},
    "failed": {"fail:wrong"},
    "import_error": {"fail:error"},
    "raised": {"fail:error"},
    "not_started": {"fail:error"},
    "crashed": {"fail:crashed"},
    "timed_out": {"fail:timeout"},
    "out_of_memory": {"fail:error", "fail:crashed"},
    "refused": {"fail:refused"},
}
ALSO = {  # verdicts beside those of the header
    "src_huge_source": frozenset({"fail:refused"}),  # it is too long to be taken
    # the sandbox refuses the call itself, and the learner reads a PermissionError
    "exit_exec_true": frozenset({"fail:error"}),
    "exit_fork_parent_exit": frozenset({"fail:error"}),
    "exit_kill_group": frozenset({"fail:error"}),
    "exit_dup2_over": frozenset({"fail:error"}),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run of the command showed and left."""

    exit_code: int
    seconds: float
    peak_mb: float  # of the grader's own process
    survivors: list[str]
    screen: str  # what a terminal got as standard output, and standard error
    texts: dict[str, str]  # "screen", "json", "html", "junit"
    report: dict[str, Any]

    def exercise(self, name: str) -> dict[str, Any]:
        """The result of one exercise."""
        found: dict[str, Any] = next(one for one in self.report["exercises"] if one["name"] == name)
        return found

    def learner_seconds(self, name: str) -> float:
        """How long the code of one exercise was waited for, in all checks together."""
        spent: dict[str, float] = self.report["run"]["learner_seconds"]
        return sum(seconds for check, seconds in spent.items() if check.startswith(f"{name}/"))


@cache
def doubt(level: SandboxLevel) -> str:
    """What speaks against a level here; nothing where it holds. Fails where it is the grader that is broken."""
    if sys.platform != "linux":
        return "it needs Linux"
    doubts = survey()
    assert doubts[SandboxLevel.PROCESS] == ""
    return doubts[level]


def grade(ground: Ground, level: SandboxLevel, name: str, exercises: list[str]) -> Seen:
    """Run `grade run` on exercises; its reports are called by `name`. Fails where it does not write them whole."""
    kinds = {kind: ground.reports / f"{name}-{level.value}.{kind}" for kind in ("json", "html", "junit")}
    options = [part for kind, path in kinds.items() for part in (f"--{kind}", str(path))]
    command = [*ground.command, "run", *exercises, "--sandbox", level.value, *options]
    with tempfile.TemporaryDirectory(prefix="neurograde-hostile-") as aside:
        result = Path(aside) / "seen.json"
        watch = [sys.executable, watched.__file__, str(result), str(LONGEST_SECONDS), *command]
        screen = _on_terminal(watch, ground)
        seen = json.loads(result.read_text(encoding="utf-8"))
    assert seen["seconds"] < LONGEST_SECONDS, ENDED
    texts = {kind: path.read_text(encoding="utf-8") for kind, path in kinds.items() if path.exists()}
    assert set(texts) == set(kinds), f"no whole report; exit code {seen['exit_code']}: {screen[-2000:]}"
    return Seen(**seen, screen=screen, texts={"screen": screen, **texts}, report=json.loads(texts["json"]))


def _on_terminal(command: list[str], ground: Ground) -> str:
    """Run a command with a terminal as its standard output; returns all that it printed, errors last."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            cwd=ground.workspace,
            env=ground.environment(),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=errors,
        )
        os.close(theirs)
        printed = bytearray()
        try:
            while data := os.read(ours, 1 << 16):
                printed += data
        except OSError:  # how Linux says that nobody holds the other end any more
            pass
        os.close(ours)
        process.wait(timeout=LONGEST_SECONDS)
        errors.seek(0)
        return (bytes(printed) + errors.read()).decode("utf-8").replace("\r\n", "\n")


def verdicts(result: dict[str, Any]) -> set[str]:
    """How an exercise was judged: by its problem, or else by the first counted check that did not pass."""
    if result["problem"] is not None:
        outcome = result["problem"]["outcome"]
    else:
        outcomes = [check["outcome"] for check in result["checks"] if not check.get("advisory")]
        outcome = next((one for one in outcomes if one != "passed"), "passed" if outcomes else "no check")
    return VERDICTS.get(outcome, {outcome})


def credit(result: dict[str, Any]) -> list[str]:
    """The counted checks that passed."""
    return [c["name"] for c in result["checks"] if c["outcome"] == "passed" and not c.get("advisory")]


# What no run may show or leave


def leaks(text: str) -> list[str]:
    """The tokens in a text, and the lines that announce one."""
    return sorted({*re.findall(r"CANARY-[0-9A-Za-z_]{6,64}", text), *re.findall(r"LEAK:\w+:.*", text)})


def breaches(result: dict[str, Any]) -> list[str]:
    """What the code of an attack printed when it got through."""
    printed = [check.get("output", "") for check in result["checks"]]
    printed.append((result["problem"] or {}).get("output", ""))
    return sorted({line for text in printed for line in re.findall(r"^PWNED:.*", text, flags=re.MULTILINE)})


def litter(ground: Ground) -> list[str]:
    """Files of attacks outside every scratch folder, and scratch folders that are still there."""
    found = [path for place in _OPEN_PLACES if place.is_dir() for path in place.iterdir() if "HOSTILE" in path.name]
    return sorted(map(str, [*found, *ground.temporary.iterdir()]))


def changes(before: dict[str, tuple[object, ...]], ground: Ground) -> list[str]:
    """The files that are new, gone or changed in content, mode, owner or times."""
    after = grounds.picture(ground)
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def clear(ground: Ground) -> None:
    """Take away what attacks left, so that the next run is judged for itself."""
    subprocess.run(["rm", "-rf", "--", *litter(ground)], check=True)  # shutil.rmtree has its limits


# Reports


def unescaped(texts: dict[str, str]) -> Iterator[str]:
    """What a terminal, a browser or a build service would obey instead of showing."""
    for kind, text in texts.items():
        shown = _COLOUR.sub("", text) if kind == "screen" else text
        yield from (f"{kind}: {found}" for found in sorted({ascii(one) for one in shown if _is_control(one)}))
        yield from (f"{kind}: {line[:80]}" for line in shown.splitlines() if re.match(r"\s*(::\w|##\[)", line))
    yield from _markup(texts["html"])
    ElementTree.fromstring(texts["junit"])  # raises where it is not well-formed


def _is_control(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")


def _markup(page: str) -> list[str]:
    found: list[str] = []

    class Page(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if not _ALLOWED_ELEMENTS.fullmatch(tag):
                found.append(f"html: <{tag}>")
            for name, value in attrs:
                elsewhere = name == "href" and not _ALLOWED_LINK.fullmatch(value or "")
                if elsewhere or name == "src" or name.startswith("on"):
                    found.append(f"html: {name}={value}")

    Page(convert_charrefs=True).feed(page)
    return found


def accepted(attack: Attack) -> frozenset[str]:
    """The verdicts that an attack may get."""
    return attack.expected | ALSO.get(attack.name, frozenset())
