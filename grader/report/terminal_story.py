"""What the terminal says below the line of one exercise. Runs in: the command line."""

from collections.abc import Iterator

from grader.language import _, capitalized
from grader.report.findings import Finding, Kind, findings, notes, untouched
from grader.report.ink import Ink
from grader.report.source import excerpt, place
from grader.report.wording import LOOKS_LIKE, NOT_COUNTED, OUTCOME_WORDS, WAITING_WORDS, explained_earlier, slow_words
from grader.report.wrapping import cells
from grader.result import CheckResult, ExerciseResult, Location, Misconception, Outcome, Problem

_OUTPUT_LINES = 12
_VALUE_LINES = 12


def story(ink: Ink, exercise: ExerciseResult, why: str) -> Iterator[str]:
    """The lines below an exercise's headline; none where the headline says it all."""
    if exercise.problem is not None:
        yield from _problem(ink, exercise.problem)
        return
    if untouched(exercise):
        return
    found = findings(exercise)
    yield from _spaced(
        *(list(_failure(ink, f.check)) if f.kind is Kind.FAILED else list(_repeated(ink, f)) for f in _failed(found)),
        list(_waiting(ink, [f.check for f in found if f.kind is Kind.WAITING])),
        list(_asides(ink, exercise, found)),
        list(_why(ink, why)) if why and exercise.passed else [],
        list(_explained(ink, exercise, found, why)),
    )


def _why(ink: Ink, why: str) -> Iterator[str]:
    return ink.block(ink.safe(why, keep_newlines=True), lead=_("Why it matters: "))


def _explained(ink: Ink, exercise: ExerciseResult, found: tuple[Finding, ...], why: str) -> Iterator[str]:
    """Where words above are explained."""
    shown = [text for finding in _failed(found) for text in finding.check.sentences]
    if said := explained_earlier(exercise.terms, [*shown, *([why] if exercise.passed else [])]):
        yield from ink.block(ink.safe(said), style="dim")


def _failed(found: tuple[Finding, ...]) -> list[Finding]:
    return [f for f in found if f.kind in {Kind.FAILED, Kind.REPEATED}]


def _spaced(*blocks: list[str]) -> Iterator[str]:
    """The blocks with an empty line between any two of which one is longer than a line."""
    before: list[str] = []
    for block in filter(None, blocks):
        if before and (len(before) > 1 or len(block) > 1):
            yield ""
        yield from block
        before = block


def _problem(ink: Ink, problem: Problem) -> Iterator[str]:
    yield from ink.block(ink.safe(problem.message, keep_newlines=True), lines=_VALUE_LINES)
    if problem.location:
        yield from _source(ink, problem.location, lead="", margin="    ")
    yield from _output(ink, problem.output, indent="")


def _failure(ink: Ink, check: CheckResult) -> Iterator[str]:
    """One failing check in full."""
    yield from _demand(ink, check)
    yield from _exchange(ink, check)
    if check.message and not _shown_by_call(check):
        yield from ink.block(ink.safe(check.message), lead="  ", lines=_VALUE_LINES)
    for detail in check.details:
        yield from ink.block(ink.safe(detail), lead="  ", style="dim", lines=_VALUE_LINES)
    if check.misconception:
        yield ""
        yield from _misconception(ink, check.misconception)
    yield from _output(ink, check.output, indent="  ")


def _shown_by_call(check: CheckResult) -> bool:
    """Whether the message only repeats what was raised, or the one number that came back and the one expected."""
    call = check.call
    if call is None:
        return False
    both = _("{came}, expected {expected}").format(came=call.returned, expected=check.expected)
    return check.message in {call.raised, both}


def _demand(ink: Ink, check: CheckResult) -> Iterator[str]:
    remarks = [_("core check")] * check.core
    remarks += [_(OUTCOME_WORDS[check.outcome])] * (check.outcome is not Outcome.FAILED)
    text = f"{_said(ink, check)} ({', '.join(remarks)})" if remarks else _said(ink, check)
    yield from ink.block(text, lead=ink.drawable("✗ "), lead_style="bad", style="bold")


def _said(ink: Ink, check: CheckResult) -> str:
    return ink.safe(check.demand or check.name)


def _bare(ink: Ink, sentence: str) -> str:
    """A sentence to be built into another one."""
    return ink.safe(sentence).rstrip(". ")


def _exchange(ink: Ink, check: CheckResult) -> Iterator[str]:
    """What went in, what came out or was raised and where, and what was expected."""
    call = check.call
    called, came_back, raised, at, expected = _labels()
    if call:
        yield from _value(ink, called, call.expression)
    if call and call.returned is not None:
        yield from _value(ink, came_back, call.returned, "bad")
    if call and call.raised is not None:
        yield from _value(ink, raised, call.raised, "bad")
    if check.location:
        yield from _source(ink, check.location, lead=at, margin=" " * cells(at))
    if check.expected is not None:
        yield from _value(ink, expected, check.expected, "good")


def _labels() -> list[str]:
    """The words at the left of an exchange, all of one width."""
    words = [_("called"), _("came back"), _("raised"), _("at"), _("expected")]
    width = max(map(cells, words))
    return [f"  {word}{' ' * (width - cells(word))}  " for word in words]


def _value(ink: Ink, label: str, text: str, style: str = "") -> Iterator[str]:
    shown = ink.safe(text, keep_newlines=True)
    yield from ink.block(shown, lead=label, lead_style="dim", style=style, lines=_VALUE_LINES)


def _source(ink: Ink, location: Location, *, lead: str, margin: str) -> Iterator[str]:
    """The place, the line as it stands there, and a caret below the column."""
    yield from ink.block(ink.drawable(place(location)), lead=lead, lead_style="dim", style="accent")
    line, caret = excerpt(location, ink.width - len(margin))
    if line:
        yield from ink.block(ink.drawable(line), lead=margin)
    if caret is not None and (line.isascii() or not ink.ascii_only):
        yield margin + " " * caret + ink.paint("^", "bold bad")


def _misconception(ink: Ink, misconception: Misconception) -> Iterator[str]:
    yield from ink.block(
        _("{heading}: {title}.").format(heading=_(LOOKS_LIKE), title=_bare(ink, misconception.title)),
        lead="  ",
        style="bold soft",
    )
    yield from ink.block(ink.safe(misconception.feedback, keep_newlines=True), lead="  ")


def _output(ink: Ink, output: str, indent: str) -> Iterator[str]:
    """What the learner's code printed, each line behind a mark of its own."""
    shown = ink.safe(output, keep_newlines=True).strip("\n")
    if not shown.strip():
        return
    yield ""
    yield indent + _("It printed:")
    mark = ink.drawable("› ")
    narrow = Ink(ink.width - len(indent) - len(mark), ink.colour, ink.ascii_only)
    for line in narrow.block(shown, style="dim", lines=_OUTPUT_LINES):
        yield f"{indent}{ink.paint(mark, 'dim')}{line}".rstrip(" ")


def _repeated(ink: Ink, finding: Finding) -> Iterator[str]:
    check, first = finding.check, finding.first
    demand, text = _bare(ink, check.demand or check.name), _bare(ink, check.demand or check.name)
    if check.misconception:
        text = _("{demand}: again {misconception}.").format(
            demand=demand, misconception=_bare(ink, check.misconception.title)
        )
    elif first:
        text = ink.drawable(_("{demand}: as for “{other}”.")).format(
            demand=demand, other=_bare(ink, first.demand or first.name)
        )
    yield from ink.block(text, lead=ink.drawable("✗ "), lead_style="bad")


def _waiting(ink: Ink, checks: list[CheckResult]) -> Iterator[str]:
    if checks:
        yield from ink.block(_("{heading}:").format(heading=capitalized(_(NOT_COUNTED))), style="dim")
    for check in checks:
        word = _(WAITING_WORDS[check.outcome])
        if check.misconception:
            word += f": {_bare(ink, check.misconception.title)}"
        yield from ink.block(f"{_said(ink, check)} ({word})", lead=ink.drawable("· "), style="dim", lead_style="dim")


def _asides(ink: Ink, exercise: ExerciseResult, found: tuple[Finding, ...]) -> Iterator[str]:
    """Slow ones, skipped ones, and figures."""
    for check in (f.check for f in found if f.kind is Kind.SLOW):
        text = " ".join(
            filter(None, [_said(ink, check), ink.safe(check.message).strip(), *map(ink.safe, check.details)])
        )
        yield from ink.block(
            _("{remark}: {text}").format(remark=slow_words(check), text=text),
            lead="~ ",
            style="soft",
            lead_style="soft",
            lines=_VALUE_LINES,
        )
    skipped = [f.check for f in found if f.kind is Kind.SKIPPED]
    skips = [f"{_said(ink, check)} {ink.safe(check.message)}".rstrip(" ") for check in skipped]
    lines = [_("skipped: {check}").format(check=text) for text in skips]
    for line in [*lines, *map(ink.safe, notes(exercise))]:
        yield from ink.block(line, lead=ink.drawable("· "), style="dim", lead_style="dim", lines=_VALUE_LINES)
