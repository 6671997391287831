"""What stands on the screen, as lines: a page, as much of it as fits, and below it where one is. Runs in: command line.

Pure functions of what there is to show.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.report.findings import untouched
from grader.report.ink import Ink
from grader.report.terminal import NARROWEST, WIDEST, verdict
from grader.report.wording import HIDDEN_COUNT, chapter_title
from grader.report.wrapping import NO_BREAK, cells
from grader.watch.sitting import Sitting, Verdict

KEYS = {
    "n": "next",
    "p": "previous",
    "h": "hint",
    "e": "edit",
    "s": "solution",
    "z": "quiz",
    "l": "list",
    "r": "run again",
    "?": "help",
    "q": "quit",
}
_HELP = {
    "n": "the next exercise that has not passed",
    "p": "the exercise before this one",
    "h": "the next hint, as `grade hint` shows it",
    "e": "the file in your editor ($VISUAL or $EDITOR)",
    "s": "the solution, once the exercise has passed",
    "z": "the quiz of the chapter",
    "l": "the course, and where you are in it",
    "r": "grade again what has not changed",
    "space, b": "a page down or up; arrows go by lines",
    "esc": "back to the verdict",
    "q": "quit",
}
_FEW_ROWS = 16  # in a lower window the keys stand in the help alone
_LEAST_PAGE = 3  # rows
_BAR = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """What fits a window: its lines, and the first line of the page that is among them."""

    lines: list[str]
    top: int
    page_rows: int


def ink_of(width: int, *, colour: bool, ascii_only: bool) -> Ink:
    return Ink(min(max(width, NARROWEST), WIDEST), colour, ascii_only)


def fit(page: Sequence[str], below: Sequence[str], *, rows: int, top: int, ink: Ink) -> Shown:
    """As much of a page as there is room for, from line `top` on or as far down as it goes; then what is below it."""
    room = max(rows - len(below) - 1, _LEAST_PAGE)
    if len(page) <= room:
        return Shown([*page, "", *below][:rows], 0, room)
    room = max(room - 1, _LEAST_PAGE)
    top = max(min(top, len(page) - room), 0)
    left = len(page) - room - top
    more = f"… {left} more {'line' if left == 1 else 'lines'}: space" if left else "the end; b goes up"
    return Shown([*page[top : top + room], "", ink.paint(ink.drawable(more), "accent"), *below][:rows], top, room)


def page_of(found: Verdict, sitting: Sitting, ink: Ink, *, start: Path, keys: bool) -> list[str]:
    """The verdict as `grade run` shows it, and what to do now. `start`: the folder from which paths are shown."""
    exercise = sitting.exercise
    lines = verdict(found.result, ink, exercise.why)
    advice = "\n".join(_advice(found, sitting, start, keys=keys))
    return [*lines, "", *ink.block(ink.safe(advice, keep_newlines=True), lead=ink.drawable("→ "), lead_style="accent")]


def _advice(found: Verdict, sitting: Sitting, start: Path, *, keys: bool) -> Iterator[str]:
    exercise = sitting.exercise
    file = sitting.workspace.file_of(exercise)
    path, readme = (shown_path(one, start).replace(" ", NO_BREAK) for one in (file, file.with_name("README.md")))
    if untouched(found.result):
        yield f"Read {readme}, write {path}: it is graded whenever you save it."
    elif not found.result.passed:
        stuck = "h shows a hint." if keys else f"`grade hint {exercise.name}`"
        yield f"Mend {path} and save it. Stuck? {stuck}"
    elif sitting.all_passed and sitting.workspace.release is not None:
        yield f"All visible checks are met; {HIDDEN_COUNT}. Try cases of your own, then hand in as README.md says."
    elif sitting.all_passed:
        yield "All exercises have passed."
    else:
        following = sitting.following()
        go = "n goes on" if keys else f"Save {shown_path(sitting.workspace.file_of(following), start)} to go on"
        yield f"{go}: {following.title} ({following.name})."


def shown_path(path: Path, start: Path) -> str:
    """A path as one would type it in the folder `start`, which is somewhere in the workspace."""
    return os.path.relpath(path, start)


def below(sitting: Sitting, note: str, ink: Ink, *, rows: int) -> list[str]:
    """How far the course is, what there is to say now, and the keys where there is room for them."""
    lines = [_progress(sitting, ink), *ink.block(ink.safe(note), style="dim")]
    if rows < _FEW_ROWS:
        return lines
    return [*lines, *_legend(ink)]


def _progress(sitting: Sitting, ink: Ink) -> str:
    names = [e.name for e in sitting.workspace.course.exercises]
    done, total = sum(name in sitting.passed for name in names), len(names)
    of_a_release = sitting.workspace.release is not None  # nobody knows here whether all of it is right
    texts = [f"visible checks met in {done} of {total}" if of_a_release else f"{done} of {total} passed"]
    if sitting.verdict is not None:
        texts.append(ink.safe(chapter_title(sitting.verdict.result)))
    size = min(_BAR, ink.width // 4)
    full = size * done // max(total, 1)
    drawn = ink.drawable("█" * full + "░" * (size - full))
    bar = f"[{drawn}]" if ink.ascii_only else drawn
    text = ink.drawable(" · ").join(texts)
    if cells(bar) + 2 + cells(text) > ink.width:
        return ink.paint(texts[0], "bold")
    return f"{ink.paint(bar, 'good' if full == size else 'accent')}  {ink.paint(text, 'bold')}"


def _legend(ink: Ink) -> Iterator[str]:
    """The keys, as many to a line as fit."""
    line, used = "", 0
    for key, word in KEYS.items():
        wide = cells(f"{key} {word}")
        if used and used + 2 + wide > ink.width:
            yield line
            line, used = "", 0
        line += f"{'  ' if used else ''}{ink.paint(key, 'bold accent')} {word}"
        used += (2 if used else 0) + wide
    yield line


def note_of(found: Verdict, level: str) -> str:
    """When the verdict was made, how long it took, and how far the code was shut in."""
    return f"{found.at:%H:%M:%S}, {found.seconds * 1000:,.0f} ms, sandbox: {level}"


def help_page(ink: Ink) -> list[str]:
    """What the keys do."""
    lines = [ink.paint("Keys", "bold"), ""]
    for key, text in _HELP.items():
        lines += ink.block(text, lead=f"{key:10}", lead_style="bold accent")
    return [
        *lines,
        "",
        *ink.block("Whatever you save is graded at once; a save of another exercise turns to that one."),
    ]
