"""Which level is used: the strongest that holds and may be used, found by processes, and never a weaker one later."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox
from grader.errors import SandboxError
from grader.pool import Forks, Pool, strongest, survey
from grader.result import SandboxLevel

HELD = [level for level, doubt in survey().items() if not doubt]
Replace = Callable[[str], None]

needs_strict = pytest.mark.skipif(SandboxLevel.STRICT not in HELD, reason="level strict does not hold here")
BROKEN = "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
ISOLATES_NOTHING = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
NO_PROGRAM = "\0"


@pytest.fixture
def replace_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replace]:
    """Put another program in bubblewrap's place."""

    def replace(text: str) -> None:
        fake = tmp_path / "bwrap"
        fake.write_text(text, encoding="utf-8")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        sandbox.bubblewrap.cache_clear()

    yield replace
    monkeypatch.undo()
    sandbox.bubblewrap.cache_clear()


def wait_until_ended(pool: Pool) -> None:
    """Wait for the end of the process from which the pool's next one would be forked."""
    assert isinstance(pool._source, Forks)
    pool._source._zygote._process.wait(timeout=60)


def test_the_strongest_level_that_holds_is_used() -> None:
    """Without a demand no level is passed over that holds."""
    assert strongest(None) is HELD[0]


@pytest.mark.parametrize("level", HELD)
def test_a_level_asked_for_is_used_also_where_a_stronger_one_holds(level: SandboxLevel) -> None:
    """Exactly means exactly."""
    assert strongest(level) is level


@pytest.mark.parametrize("level", HELD)
def test_at_least_a_level_means_the_strongest(level: SandboxLevel) -> None:
    """A minimum does not hold back what is stronger."""
    assert strongest(None, at_least=level) is HELD[0]


@needs_strict
@pytest.mark.parametrize("program", [BROKEN, ISOLATES_NOTHING, NO_PROGRAM], ids=["broken", "idle", "no program"])
def test_where_bubblewrap_fails_the_next_level_is_used(program: str, replace_bubblewrap: Replace) -> None:
    """A bubblewrap that cannot start, isolates nothing, or is no program costs the level, and nothing else."""
    replace_bubblewrap(program)
    with closing(Pool(None)) as pool:
        pool.settle()
        assert pool.level is HELD[1]
        assert list(pool.doubts) == [SandboxLevel.STRICT]
        process = pool.take()
        assert process.alive
        process.stop()


@needs_strict
def test_the_next_level_is_launched_while_this_side_is_busy(replace_bubblewrap: Replace) -> None:
    """Where the first process has ended, the second one loads before anybody waits for it."""
    replace_bubblewrap(BROKEN)
    with closing(Pool(None)) as pool:
        wait_until_ended(pool)
        pool.hurry()
        pool.hurry()
        second = pool._second
        assert second is not None
        assert second.level is HELD[1]
        pool.settle()
        assert pool._source is second
        assert pool._proven is not None


@needs_strict
def test_a_pool_that_is_closed_early_leaves_no_process(replace_bubblewrap: Replace) -> None:
    """What was launched and never needed is ended."""
    replace_bubblewrap(BROKEN)
    pool = Pool(None)
    wait_until_ended(pool)
    pool.hurry()
    second = pool._second
    assert second is not None
    assert isinstance(second, Forks)
    pool.close()
    assert second._zygote._process.returncode is not None


@needs_strict
@pytest.mark.parametrize("program", [BROKEN, ISOLATES_NOTHING, NO_PROGRAM], ids=["broken", "idle", "no program"])
@pytest.mark.parametrize(("exactly", "at_least"), [("strict", "process"), (None, "strict")])
def test_a_demand_that_is_not_met_is_refused_with_the_remedy(
    program: str, exactly: str | None, at_least: str, replace_bubblewrap: Replace
) -> None:
    """Nothing weaker is used in its place."""
    replace_bubblewrap(program)
    with pytest.raises(SandboxError, match=r"'strict' is not to be had here: .*; bubblewrap needs user namespaces"):
        strongest(SandboxLevel(exactly) if exactly else None, at_least=SandboxLevel(at_least))


@needs_strict
def test_the_words_of_bubblewrap_are_in_the_message(replace_bubblewrap: Replace) -> None:
    """Why it failed is said as bubblewrap says it, in the refusal and in the survey."""
    replace_bubblewrap(BROKEN)
    with pytest.raises(SandboxError, match="setting up uid map: Permission denied"):
        strongest(SandboxLevel.STRICT)
    assert "setting up uid map: Permission denied" in survey()[SandboxLevel.STRICT]


@needs_strict
def test_a_level_once_settled_is_never_left(replace_bubblewrap: Replace) -> None:
    """Where it stops holding in the middle of a run, that is an error, not a weaker level for the rest."""
    with closing(Pool(None)) as pool:
        pool.settle()
        replace_bubblewrap(BROKEN)
        pool.take().stop()
        assert isinstance(pool._source, Forks)
        pool._source._zygote._process.kill()
        wait_until_ended(pool)
        with pytest.raises(SandboxError, match="'strict'"):
            pool.take().stop()


def test_a_level_of_another_system_is_refused_before_anything_runs() -> None:
    """`seatbelt` is not to be had on Linux, nor `landlock` elsewhere."""
    other = next(level for level in SandboxLevel if level not in sandbox.candidates())
    with pytest.raises(SandboxError, match=f"'{other.value}' is not to be had here"):
        Pool(other)


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_without_bubblewrap_there_is_a_level_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is passed over without a try, and the message says what to install."""
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: None)
    assert SandboxLevel.STRICT not in sandbox.candidates()
    with pytest.raises(SandboxError, match=r"`bwrap`\) is not installed; install bubblewrap \(Debian"):
        Pool(None, at_least=SandboxLevel.STRICT)


def test_the_levels_of_two_systems_are_compared_by_what_they_stop() -> None:
    """`seatbelt` is to macOS what `landlock` is to Linux."""
    process, landlock, seatbelt, strict = SandboxLevel
    assert landlock.is_at_least(seatbelt)
    assert seatbelt.is_at_least(landlock)
    assert strict.is_at_least(strict)
    assert not process.is_at_least(landlock)
    assert not landlock.is_at_least(strict)
