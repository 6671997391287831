"""What stands on the screen, as lines: a page, as much of it as fits, and below it where one is. Runs in: command line.

Pure functions of what there is to show.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from grader.language import N_, _, ngettext
from grader.report.findings import untouched
from grader.report.ink import Ink
from grader.report.terminal import NARROWEST, WIDEST, verdict
from grader.report.wording import chapter_title
from grader.report.wrapping import NO_BREAK, cells
from grader.watch.sitting import Sitting, Verdict

KEYS = {
    "n": N_("next"),
    "p": N_("previous"),
    "h": N_("hint"),
    "e": N_("edit"),
    "s": N_("solution"),
    "z": N_("quiz"),
    "l": N_("list"),
    "r": N_("run again"),
    "?": N_("help"),
    "q": N_("quit"),
}
_HELP = {
    "n": N_("the next exercise that has not passed"),
    "p": N_("the exercise before this one"),
    "h": N_("the next hint, as `grade hint` shows it"),
    "e": N_("the file in your editor ($VISUAL or $EDITOR)"),
    "s": N_("the solution, once the exercise has passed"),
    "z": N_("the quiz of the chapter"),
    "l": N_("the course, and where you are in it"),
    "r": N_("grade again what has not changed"),
    N_("space, b"): N_("a page down or up; arrows go by lines"),
    "esc": N_("back to the verdict"),
    "q": N_("quit"),
}
_FEW_ROWS = 16  # in a lower window the keys stand in the help alone
_LEAST_PAGE = 3  # rows
_BAR = 24


class Shown(Struct, frozen=True):
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
    more = ngettext("… {count} more line: space", "… {count} more lines: space", left).format(count=left)
    more = more if left else _("the end; b goes up")
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
        said = _("Read {readme}, write {file}: it is graded whenever you save it.")
        yield said.format(readme=readme, file=path)
    elif not found.result.passed:
        said = _("Mend {file} and save it. Stuck? `grade hint {exercise}`")
        said = _("Mend {file} and save it. Stuck? h shows a hint.") if keys else said
        yield said.format(file=path, exercise=exercise.name)
    elif sitting.all_passed and sitting.workspace.release is not None:
        yield _(
            "All visible checks are met; hidden ones count at hand-in. Try cases of your own, then hand in as README.md"
            " says."
        )
    elif sitting.all_passed:
        yield _("All exercises have passed.")
    else:
        following = sitting.following()
        path = shown_path(sitting.workspace.file_of(following), start)
        said = _("n goes on: {title} ({exercise}).") if keys else _("Save {file} to go on: {title} ({exercise}).")
        yield said.format(file=path, title=following.title, exercise=following.name)


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
    said = _("visible checks met in {passed} of {total}") if of_a_release else _("{passed} of {total} passed")
    texts = [said.format(passed=done, total=total)]
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
    for key, message in KEYS.items():
        word = _(message)
        wide = cells(f"{key} {word}")
        if used and used + 2 + wide > ink.width:
            yield line
            line, used = "", 0
        line += f"{'  ' if used else ''}{ink.paint(key, 'bold accent')} {word}"
        used += (2 if used else 0) + wide
    yield line


def note_of(found: Verdict, level: str) -> str:
    """When the verdict was made, how long it took, and how far the code was shut in."""
    sandbox = _("sandbox: {level}").format(level=level)
    return f"{found.at:%H:%M:%S}, {found.seconds * 1000:,.0f} ms, {sandbox}"


def help_page(ink: Ink) -> list[str]:
    """What the keys do."""
    lines = [ink.paint(_("Keys"), "bold"), ""]
    widest = max(cells(_(key)) for key in _HELP)
    for key, text in _HELP.items():
        lead = _(key) + " " * (widest - cells(_(key)) + 2)
        lines += ink.block(_(text), lead=lead, lead_style="bold accent")
    return [
        *lines,
        "",
        *ink.block(_("Whatever you save is graded at once; a save of another exercise turns to that one.")),
    ]
