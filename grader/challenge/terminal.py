"""Render how a challenge went for a terminal. Runs in: command line.

A pure function; every meaning is in the words, colour only repeats it.
"""

from collections.abc import Iterator

from grader.challenge.standing import Check, Standing, with_new
from grader.language import N_, _, ngettext
from grader.report.ink import Ink
from grader.report.source import excerpt, place
from grader.report.wrapping import cells, clip
from grader.result import Problem

_WIDEST_NAME = 32  # columns; a longer name is cut
_LINES = 6  # of a message, or of what a check printed
_ALL = N_(
    "Not one is left out there. Checks that tell right from wrong as yours do keep a program right when it changes:"
    " whoever can write them has understood what {name} must do."
)


def to_terminal(standing: Standing, title: str, file: str, ink: Ink) -> str:
    """How the challenge went, as text that ends in a newline. `file`: the path of the checks, as one would type it."""
    lines = [ink.paint(ink.safe(title), "bold"), ""]
    if standing.problem is not None:
        lines += [*_problem(ink, standing.problem, "bad"), *_printed(ink, standing.problem.output), ""]
    if standing.checks:
        lines += [*_table(ink, standing), ""]
    lines += [*_score(ink, standing), *_next(ink, standing, file)]
    if standing.level is not None:
        lines += ["", *ink.block(_("sandbox: {level}").format(level=standing.level.value), style="dim")]
    return "\n".join(lines) + "\n"


def _table(ink: Ink, standing: Standing) -> Iterator[str]:
    width = min(max(cells(ink.safe(check.name)) for check in standing.checks), _WIDEST_NAME, ink.width // 2)
    most = max(len(check.caught) for check in standing.checks)
    alone = sum(len(check.caught) == most for check in standing.checks) == 1 and len(standing.checks) > 1
    for check, new in with_new(standing.checks):
        name = clip(ink.safe(check.name), width, ink.drawable("…"))
        lead = f"  {name}{' ' * (width - cells(name))}  "
        if check.problem is None:
            yield from ink.block(_caught(check, new, best=alone and len(check.caught) == most), lead=lead)
        else:
            yield from ink.block(_("not counted"), lead=lead, style="soft")
            yield from _problem(ink, check.problem, "")
        yield from _printed(ink, check.output)


def _caught(check: Check, new: int, *, best: bool) -> str:
    parts = [_("catches {count}").format(count=len(check.caught))]
    if best and check.caught:
        parts.append(_("the most"))
    if check.caught and not new:
        parts.append(_("none that the checks above it miss"))
    if check.unsteady:
        parts.append(_("{count} more only sometimes, which does not count").format(count=check.unsteady))
    return ", ".join(parts)


def _problem(ink: Ink, problem: Problem, style: str) -> Iterator[str]:
    yield from ink.block(ink.safe(problem.message, keep_newlines=True), lead="    ", style=style, lines=_LINES)
    if problem.location is not None:
        line = excerpt(problem.location, ink.width - 8)[0]
        yield from ink.block(ink.drawable(place(problem.location)), lead="    ", style="accent")
        if line:
            yield from ink.block(ink.drawable(line), lead=" " * 8)


def _printed(ink: Ink, output: str) -> Iterator[str]:
    """What was printed, each line behind a mark of its own."""
    text = ink.safe(output, keep_newlines=True).strip("\n")
    if text.strip():
        mark = ink.drawable("    › ")
        narrow = Ink(ink.width - cells(mark), ink.colour, ink.ascii_only)
        yield from (f"{ink.paint(mark, 'dim')}{line}" for line in narrow.block(text, style="dim", lines=_LINES))


def _score(ink: Ink, standing: Standing) -> Iterator[str]:
    caught, total = standing.caught, len(standing.wrongs)
    said = _("caught {caught} of {total}").format(caught=len(caught), total=total)
    yield ink.paint(said, "bold good" if standing.complete else "bold")
    for wrong in caught:
        yield from ink.block(ink.safe(wrong.title), lead=ink.drawable("  ✓ "), lead_style="good")


def _next(ink: Ink, standing: Standing, file: str) -> Iterator[str]:
    left = len(standing.wrongs) - len(standing.caught)
    if standing.complete:
        yield ""
        yield from ink.block(_(_ALL).format(name=standing.exercise), style="good")
        return
    yield ngettext("{count} is still out there.", "{count} are still out there.", left).format(count=left)
    yield ""
    again = _("Write checks in {file}, then run `grade challenge {exercise}` again.")
    if standing.problem is not None:
        again = _("Mend {file}, then run `grade challenge {exercise}` again.")
    text = again.format(file=ink.safe(file), exercise=standing.exercise)
    yield from ink.block(text, lead=ink.drawable("→ "), lead_style="accent")
