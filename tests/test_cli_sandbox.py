"""The sandbox level on the command line: asked for, required, found by itself, and explained."""

import json
import os
import sys
from pathlib import Path

import pytest

from grader.pool import survey
from grader.result import SandboxLevel

from .command import SOLVED, grade
from .small_course import folders, write_course

HELD = [level.value for level, doubt in survey().items() if not doubt]
BROKEN = "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
needs_strict = pytest.mark.skipif("strict" not in HELD, reason="level strict does not hold here")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """One exercise, solved."""
    root = write_course(tmp_path / "course")
    (folders(root, "scaling")[0] / "scaling.py").write_text(SOLVED, encoding="utf-8")
    return root


@pytest.fixture
def without_bubblewrap(tmp_path: Path) -> dict[str, str]:
    """Environment variables with which bubblewrap is there and fails, as it does without user namespaces."""
    fake = tmp_path / "bin" / "bwrap"
    fake.parent.mkdir()
    fake.write_text(BROKEN, encoding="utf-8")
    fake.chmod(0o755)
    return {"PATH": os.pathsep.join((str(fake.parent), str(Path(sys.executable).parent), os.environ["PATH"]))}


def level_used(folder: Path, *arguments: str, **changes: str) -> str:
    """The level that the report of a run names."""
    done = grade(folder, "run", *arguments, "--json", "-", **changes)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["run"]["sandbox"])


def test_the_strongest_level_is_the_default(course: Path) -> None:
    """Nobody has to ask for it."""
    assert level_used(course) == HELD[0]
    assert f"sandbox: {HELD[0]}" in grade(course).stdout


@pytest.mark.parametrize("level", HELD)
def test_a_level_is_chosen_by_option_and_by_environment(course: Path, level: str) -> None:
    """Both mean the same; the option wins."""
    assert level_used(course, "--sandbox", level) == level
    assert level_used(course, NEUROGRADE_SANDBOX=level) == level
    assert level_used(course, "--sandbox", level, NEUROGRADE_SANDBOX=HELD[0]) == level


@pytest.mark.parametrize("level", HELD)
def test_the_environment_speaks_to_a_bare_grade_too(course: Path, level: str) -> None:
    """`grade` without a command is `grade run`."""
    assert f"sandbox: {level}" in grade(course, NEUROGRADE_SANDBOX=level).stdout


@pytest.mark.parametrize("arguments", [(), ("run",), ("verify",)])
def test_a_level_that_does_not_exist_is_wrong_usage(course: Path, arguments: tuple[str, ...]) -> None:
    """Also from the environment, which the message names."""
    done = grade(course, *arguments, NEUROGRADE_SANDBOX="iron")
    assert done.returncode == 2
    assert "NEUROGRADE_SANDBOX" in done.stderr
    assert "'iron' is not one of" in done.stderr


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_choice_weaker_than_the_requirement_is_wrong_usage(course: Path, command: str) -> None:
    """Whichever of the two was meant, nothing runs."""
    done = grade(course, command, "--sandbox", "process", "--require-sandbox", "landlock")
    assert (done.returncode, done.stdout) == (2, "")
    assert "process, which is weaker than --require-sandbox landlock" in " ".join(done.stderr.split())


@needs_strict
@pytest.mark.parametrize("command", ["run", "verify"])
@pytest.mark.parametrize("option", ["--sandbox", "--require-sandbox"])
def test_what_is_not_to_be_had_ends_with_4_before_anything_runs(
    course: Path, command: str, option: str, without_bubblewrap: dict[str, str]
) -> None:
    """No learner's line is run, nothing is recorded, and the message says why and what to do."""
    done = grade(course, command, option, "strict", **without_bubblewrap)
    assert (done.returncode, done.stdout) == (4, "")
    assert "setting up uid map: Permission denied; bubblewrap needs user namespaces" in done.stderr
    assert not (course / ".grade" / "progress.sqlite3").exists()


@needs_strict
def test_a_weaker_level_is_taken_without_a_word_and_named(course: Path, without_bubblewrap: dict[str, str]) -> None:
    """A learner whose system has no user namespaces is graded all the same; the report says how."""
    done = grade(course, **without_bubblewrap)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"sandbox: {HELD[1]}" in done.stdout
    assert level_used(course, "--require-sandbox", HELD[1], **without_bubblewrap) == HELD[1]


def test_verify_takes_a_level(tmp_path: Path) -> None:
    """The author's proof runs at each level that holds."""
    course = write_course(tmp_path)
    for level in HELD:
        done = grade(course, "verify", "--sandbox", level)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_doctor_names_the_level_in_use(course: Path) -> None:
    """The strongest one, and no advice that nobody needs."""
    text = grade(course, "doctor").stdout
    assert f"{HELD[0]}, the strongest level that holds here; `grade` uses it" in text
    assert ("to get it" in text) == (HELD[0] != survey_first())
    assert "NEUROGRADE_SANDBOX asks" not in text


def survey_first() -> str:
    return next(iter(survey())).value


@needs_strict
def test_doctor_says_why_a_stronger_level_is_not_in_use(course: Path, without_bubblewrap: dict[str, str]) -> None:
    """What failed, in its own words, and how to get it."""
    text = grade(course, "doctor", **without_bubblewrap).stdout
    assert "strict does not hold: " in text
    assert "bwrap: setting up uid map: Permission denied" in text
    assert "to get it: bubblewrap needs user namespaces" in text
    assert f"{HELD[1]}, the strongest level that holds here" in text


def test_doctor_says_that_the_environment_asks_for_another_level(course: Path) -> None:
    """A variable that was set and forgotten shows itself."""
    text = grade(course, "doctor", NEUROGRADE_SANDBOX="process").stdout
    assert "NEUROGRADE_SANDBOX asks for process" in text
    assert SandboxLevel.PROCESS.value in HELD
