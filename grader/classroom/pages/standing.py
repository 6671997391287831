"""Where the work of one student stands, in words: marks, times, and what to do. Runs in: the command line."""

from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from grader.assignment import Assignment, LatePolicy
from grader.classroom.model import Mark, Row, State, asked_of, mark
from grader.report.wording import number
from grader.result import Outcome

STATE_WORDS: dict[State, str] = {
    State.GRADED: "graded",
    State.MISSING: "nothing handed in",
    State.REFUSED: "not taken",
    State.ERROR: "to be graded again",
}
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_EVERY = {timedelta(days=1): "day", timedelta(hours=1): "hour"}


class Notice(Struct, frozen=True):
    """What a student should know first: what happened, and what to do about it."""

    head: str
    sentences: tuple[str, ...]


def is_our_fault(row: Row) -> bool:
    """Whether the grader failed at this work or at one exercise of it, so that it has no mark yet."""
    return row.state is State.ERROR or any(result.outcome is Outcome.GRADER_ERROR for result in row.results)


def mark_of(row: Row, assignment: Assignment) -> Mark | None:
    """The mark; none where nothing came, or where the grader failed."""
    return None if row.state is State.MISSING or is_our_fault(row) else mark(row, assignment)


def state_of(row: Row, found: Mark | None) -> State:
    """The state, where `found` is the row's mark: a fault of the grader's at one exercise is one at the whole work."""
    return State.ERROR if found is None and row.state is not State.MISSING else row.state


def notice(row: Row, assignment: Assignment, now: datetime) -> Notice | None:
    """What happened to work that was not simply graded."""
    if row.state is State.MISSING:
        due = asked_of(row.student, assignment).due
        if due is not None and now < due:
            said = f"There is time until {moment(due, now.tzinfo)}."
        else:
            said = "If you did, tell your teacher when, where, and under which file name."
        return Notice("Nothing of yours has come", (said,))
    if row.state is State.REFUSED:
        todo = "Put that right and hand it in again if you still may, or ask your teacher. None of your code was run."
        return Notice("What you handed in could not be taken", (_sentence(row.reason), todo) if row.reason else (todo,))
    if is_our_fault(row):
        return Notice(
            "The grader failed at your work; it is not your fault",
            ("You need do nothing: it will be graded again, and you have no mark until then.",),
        )
    return None


def late_words(found: Mark, policy: LatePolicy | None) -> str:
    """What came late and what that cost, as a sentence; "" for what came in time."""
    if not found.late_by:
        return ""
    by = f"Handed in {duration(found.late_by)} late"
    if policy is None or not found.penalty:
        return f"{by}. Nothing is taken for that."
    most = f", at most {percent(policy.most)}" if policy.most < 1 else ""
    rule = f"{percent(policy.rate)} for each {_every(policy.unit)} that has begun{most}"
    return (
        f"{by}, which costs {percent(found.penalty)} of the points ({rule}):"
        f" {number(found.raw)} become {number(found.score)}."
    )


def percent(share: float) -> str:
    """A share of 1 as "12.5 %", which no line is broken in."""
    return f"{number(100 * share)}\u00a0%"


def duration(time: timedelta) -> str:
    """The three largest units that are not 0: "1 day 2 hours", "40 minutes", "1 day 30 seconds"; rounded down."""
    left = int(time.total_seconds())
    counts = []
    for seconds, unit in _UNITS:
        count, left = divmod(left, seconds)
        counts.append((count, unit))
    shown = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count][:3]
    return " ".join(shown) or "under a second"


def moment(time: datetime, zone: tzinfo | None) -> str:
    """A time on the clock of a zone, with its offset from UTC: "Tue 1 Dec 2026, 23:59 (UTC+01:00)"."""
    here = time.astimezone(zone)
    offset = here.strftime("%z")
    shown = f"UTC{offset[:3]}:{offset[3:5]}" if here.utcoffset() else "UTC"
    return f"{_DAYS[here.weekday()]} {here.day} {_MONTHS[here.month - 1]} {here.year}, {here:%H:%M} ({shown})"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # whatever the locale
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _every(unit: timedelta) -> str:
    return _EVERY.get(unit) or duration(unit)


def _sentence(text: str) -> str:
    """With a capital and a full stop, where it begins with a plain word."""
    text = text.strip()
    word = text.split(" ", 1)[0]
    text = text[:1].upper() + text[1:] if word.isalpha() and word.isascii() else text
    return text if text.endswith((".", "!", "?")) else f"{text}."
