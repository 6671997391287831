"""A collection of hostile submissions: each is judged as it deserves, gets at nothing, and leaves nothing behind.

The attacks of one group are graded in one run of the real command, with right and half right neighbours before and
after them. What follows from a report is asserted attack by attack, what a run leaves behind run by run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from socket import socket

import pytest

from grader.result import SandboxLevel

from .hostile import ground as grounds
from .hostile import harness
from .hostile.attack import Attack, attacks
from .hostile.ground import NEIGHBOURS, Ground
from .hostile.listeners import contacts, forbidden_port_is_open, listening

ATTACKS = attacks()
GROUPS = sorted({attack.group for attack in ATTACKS})
LEVELS = (SandboxLevel.LANDLOCK, SandboxLevel.STRICT)
MOST_MB = 300.0  # of memory, for the grader's own process, whatever it is sent
MOST_LIMITS = 3  # an exercise may use the time limit of so many checks
SLACK_SECONDS = 10.0  # on a busy machine
MOST_TEXT = 400_000  # characters about one attack, in any form of the report


@dataclass(frozen=True, slots=True)
class Aftermath:
    """One run over a group, and what was found after it."""

    seen: harness.Seen
    changes: list[str]
    litter: list[str]
    contacts: list[str]
    port_is_open: bool
    progress_is_sound: bool


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Everything laid out, canaries in their places."""
    return grounds.lay_out(tmp_path_factory.mktemp("hostile"), ATTACKS)


@pytest.fixture(scope="module")
def listeners(ground: Ground) -> Iterator[list[socket]]:
    """Sockets that nobody may reach."""
    with listening(ground.root) as made:
        yield made


@pytest.fixture(scope="module")
def alone(ground: Ground) -> Callable[[SandboxLevel], harness.Seen]:
    """The neighbours graded without any attack, at a level; once."""

    @cache
    def run(level: SandboxLevel) -> harness.Seen:
        seen = harness.grade(ground, level, "neighbours", list(NEIGHBOURS))
        if not grounds.progress_is_sound(ground):
            grounds.plant_progress(ground)
        return seen

    return run


@pytest.fixture(scope="module")
def aftermath(
    ground: Ground, listeners: list[socket], alone: Callable[[SandboxLevel], harness.Seen]
) -> Callable[[SandboxLevel, str], Aftermath]:
    """Grade a group at a level; once, also where that fails."""

    @cache
    def run(level: SandboxLevel, group: str) -> Aftermath | AssertionError:
        exercises = [attack.exercise for attack in ATTACKS if attack.group == group]
        try:
            alone(level)
            before = grounds.picture(ground)
            seen = harness.grade(ground, level, group, [*NEIGHBOURS, *exercises])
        except AssertionError as error:
            return error
        found = Aftermath(
            seen,
            harness.changes(before, ground),
            harness.litter(ground),
            contacts(listeners),
            forbidden_port_is_open(),
            grounds.progress_is_sound(ground),
        )
        harness.clear(ground)
        return found

    def run_or_fail(level: SandboxLevel, group: str) -> Aftermath:
        found = run(level, group)
        if isinstance(found, AssertionError):
            raise found
        return found

    return run_or_fail


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> SandboxLevel:
    """Each level that shuts the learner's code in; skipped with the reason where this machine hasn't got it."""
    wanted: SandboxLevel = request.param
    if doubt := harness.doubt(wanted):
        pytest.skip(doubt)
    return wanted


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_attack_is_judged_as_it_deserves(
    level: SandboxLevel, attack: Attack, aftermath: Callable[[SandboxLevel, str], Aftermath]
) -> None:
    """Its verdict is one of those expected, in time; it gets credit for nothing wrong, and it got through nowhere.

    What a function was called with is not hidden: reports show it by design (`snoop_hidden_inputs`).
    """
    seen = aftermath(level, attack.group).seen
    result = seen.exercise(attack.exercise)
    assert harness.verdicts(result) & harness.accepted(attack), result
    if "pass" not in attack.expected:
        assert harness.credit(result) == []
    if level is SandboxLevel.STRICT or attack.name != "snoop_stat_oracle":  # `landlock` shows by design what exists
        assert harness.breaches(result) == []
    assert harness.leaks(str(result)) == []
    assert len(str(result)) < MOST_TEXT
    assert seen.learner_seconds(attack.exercise) < MOST_LIMITS * attack.seconds + SLACK_SECONDS


@pytest.mark.parametrize("group", GROUPS)
def test_a_run_over_attacks_ends_well(
    level: SandboxLevel, group: str, aftermath: Callable[[SandboxLevel, str], Aftermath]
) -> None:
    """The command ends with its documented code, in bounded memory, and says nothing of what was hidden."""
    seen = aftermath(level, group).seen
    assert seen.exit_code == 1
    assert seen.report["run"]["sandbox"] == level.value
    assert seen.peak_mb < MOST_MB
    assert [f"{kind}: {leak}" for kind, text in seen.texts.items() for leak in harness.leaks(text)] == []
    assert list(harness.unescaped(seen.texts)) == []
    for kind, text in seen.texts.items():
        assert len(text) < MOST_TEXT * len(seen.report["exercises"]), kind


@pytest.mark.parametrize("group", GROUPS)
def test_attacks_leave_nothing_behind(
    level: SandboxLevel, group: str, aftermath: Callable[[SandboxLevel, str], Aftermath]
) -> None:
    """No process, no file, no scratch folder, no change of what others own, no contact with anybody."""
    found = aftermath(level, group)
    assert found.seen.survivors == []
    assert found.changes == []
    assert found.litter == []
    assert found.contacts == []
    assert not found.port_is_open
    assert found.progress_is_sound


@pytest.mark.parametrize("group", GROUPS)
def test_neighbours_of_attacks_are_graded_as_ever(
    level: SandboxLevel,
    group: str,
    aftermath: Callable[[SandboxLevel, str], Aftermath],
    alone: Callable[[SandboxLevel], harness.Seen],
) -> None:
    """The whole result of a right and of a half right submission, before and after the attacks, is as it is alone."""
    seen, without = aftermath(level, group).seen, alone(level)
    for name in NEIGHBOURS:
        assert seen.exercise(name) == without.exercise(name)
    assert harness.verdicts(without.exercise("right-before")) == {"pass"}
    assert harness.verdicts(without.exercise("half-after")) == {"fail:wrong"}


def test_the_collection_is_whole() -> None:
    """Every file's header was read, and every group is there."""
    assert len(ATTACKS) == 154
    assert GROUPS == ["esc", "exit", "forge", "fs", "net", "out", "res", "snoop", "src", "tamper"]
