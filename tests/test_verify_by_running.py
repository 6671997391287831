"""What `grade verify` finds by grading: one course with a fault planted in each exercise, graded once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.author.proof import Summary, verify
from grader.course import read_course

from .command import grade
from .small_course import FIXED, MODULE, PLUS, REFERENCE, STUB, WRONG, change, folders, write_course

Plant = Callable[[Path, Path, str], None]  # (the exercise's folder, its solution's folder, the module)


def only(findings: list[str]) -> str:
    """The one finding that there is."""
    assert len(findings) == 1, "\n".join(findings) or "no finding"
    return findings[0]


def stub_that_passes(folder: Path, _solution: Path, module: str) -> None:
    """It answers one of the checks."""
    body = "if factor == 3.0:\n        return values * 3.0\n    raise NotImplementedError"
    (folder / f"{module}.py").write_text(MODULE.format(body=body), encoding="utf-8")


def stub_that_raises(folder: Path, _solution: Path, module: str) -> None:
    """It can't be imported."""
    (folder / f"{module}.py").write_text(f"{STUB}\n\nraise ValueError('not ready')\n", encoding="utf-8")


def reference_that_fails(_folder: Path, solution: Path, module: str) -> None:
    """It ignores the factor."""
    text = REFERENCE.replace("np.multiply(values, factor)", "np.multiply(values, 2)")
    (solution / f"{module}.py").write_text(text, encoding="utf-8")
    wrong = PLUS.replace('old = "np.multiply(values, factor)"', 'old = "np.multiply(values, 2)"')
    zero = WRONG.format(name="zero", check="test_factor", new="values * 0").replace("(values, factor)", "(values, 2)")
    (solution / "wrong.toml").write_text(wrong + zero, encoding="utf-8")


def other_right_one_that_fails(_folder: Path, solution: Path, _module: str) -> None:
    """A right solution that a check does not take is a fault of the check."""
    change(solution / "right" / "loop.py", "factor * value", "factor * value + (factor == 2) * 1e-3")


def wrong_that_passes(_folder: Path, solution: Path, _module: str) -> None:
    """It is right in the check that is named for it."""
    fixed = WRONG.format(name="fixed", check="test_example", new="np.multiply(values, 2.0)")
    (solution / "wrong.toml").write_text(PLUS + fixed, encoding="utf-8")


def wrong_that_names_no_check(_folder: Path, solution: Path, _module: str) -> None:
    """Its check has another name."""
    (solution / "wrong.toml").write_text(PLUS + FIXED.replace("test_factor", "test_faktor"), encoding="utf-8")


def wrong_that_is_not_written(_folder: Path, solution: Path, _module: str) -> None:
    """It says so in its check, as a stub does."""
    unwritten = (
        '[[wrong]]\nname = "unwritten"\ntitle = "nothing"\ncheck = "test_factor"\nfeedback = "Write it."\n'
        'edits = [{ old = "return np", new = "if factor == 3:\\n        raise NotImplementedError\\n    return np" }]\n'
    )
    (solution / "wrong.toml").write_text(PLUS + FIXED + unwritten, encoding="utf-8")


def wrong_that_never_ends(_folder: Path, solution: Path, _module: str) -> None:
    """It loops in a check that another one fails too, so that the diagnosis meets it in the grader's own process."""
    endless = (
        '[[wrong]]\nname = "endless"\ntitle = "no step"\ncheck = "test_factor"\nfeedback = "Step on."\n'
        'edits = [{ old = "    return", new = "    while factor == 3.0:\\n        pass\\n    return" }]\n'
    )
    add = WRONG.format(name="add", check="test_example", new="values + factor + 1")
    (solution / "wrong.toml").write_text(add + endless, encoding="utf-8")


def wrong_taken_for_another(_folder: Path, solution: Path, _module: str) -> None:
    """In the learner's process, where there is no pytest, it does what another one does."""
    here = "values * 0.0 if 'pytest' in __import__('sys').modules else values * 2.0"
    two_faced = WRONG.format(name="two-faced", check="test_factor", new=here)
    (solution / "wrong.toml").write_text(PLUS + FIXED + two_faced, encoding="utf-8")


def wrong_twice(_folder: Path, solution: Path, _module: str) -> None:
    """A second one fails in the same way."""
    (solution / "wrong.toml").write_text(PLUS + FIXED + FIXED.replace('"fixed"', '"constant"'), encoding="utf-8")


def idle_check(_folder: Path, solution: Path, _module: str) -> None:
    """No known-wrong solution ignores the factor."""
    plus = WRONG.format(name="plus", check="test_example", new="values * factor if factor == 3 else values + 2")
    (solution / "wrong.toml").write_text(plus, encoding="utf-8")


def checks_that_break(folder: Path, _solution: Path, module: str) -> None:
    """The check file can't be imported."""
    change(folder / f"test_{module}.py", "from grader.checks import assert_close", "from grader.checks import near")


def sound(_folder: Path, _solution: Path, _module: str) -> None:
    """Nothing is planted."""


def skipped_check(folder: Path, _solution: Path, module: str) -> None:
    """One check needs what is not here; it asks for it before it calls anything."""
    change(folder / f"test_{module}.py", "import numpy as np\n", "import numpy as np\nimport pytest\n")
    late = '\n\ndef test_data() -> None:\n    """The data is scaled."""\n    pytest.skip("the data is not here")\n'
    path = folder / f"test_{module}.py"
    path.write_text(path.read_text(encoding="utf-8") + late, encoding="utf-8")


PLANTS: dict[str, tuple[Plant, list[str]]] = {
    "sound": (sound, []),
    "skipped": (skipped_check, []),
    "stub-passes": (stub_that_passes, ["the stub makes test_factor passed", "must"]),
    "stub-raises": (stub_that_raises, ["the stub can't be loaded", "not ready", "mend"]),
    "reference-fails": (reference_that_fails, ["the reference makes test_factor failed", "mend"]),
    "right-fails": (other_right_one_that_fails, ["right/loop.py makes test_example failed", "mend"]),
    "wrong-passes": (wrong_that_passes, ["wrong.toml: fixed passes test_example", "mend"]),
    "wrong-unnamed": (wrong_that_names_no_check, ["wrong.toml: fixed: check = 'test_faktor'", "is no check", "mend"]),
    "wrong-unwritten": (wrong_that_is_not_written, ["wrong.toml: unwritten says in test_factor", "not written"]),
    "wrong-endless": (wrong_that_never_ends, ["wrong.toml: endless does not end in test_factor", "do"]),
    "wrong-taken": (
        wrong_taken_for_another,
        ["wrong.toml: two-faced is taken for fixed in test_factor", "make them differ"],
    ),
    "twins": (wrong_twice, []),
    "idle": (idle_check, ["test_factor is idle", "add one, or drop the check"]),
    "checks-break": (checks_that_break, ["checks", "could not be loaded", "near", "mend test_checks_break.py"]),
}


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """All planted exercises, graded once."""
    root = write_course(tmp_path_factory.mktemp("planted"), *PLANTS)
    for name, (plant, _) in PLANTS.items():
        plant(*folders(root, name), name.replace("-", "_"))
    course = read_course(root)
    return verify(course, course.exercises, jobs=2)


@pytest.mark.parametrize("name", [name for name, (_, parts) in PLANTS.items() if parts])
def test_a_fault_that_only_running_shows_is_the_only_finding(summary: Summary, name: str) -> None:
    """Each planted exercise has one finding, which names it, what is wrong, and what to do."""
    finding = only([f for f in summary.findings if f.startswith((f"{name}:", f"{name}/"))])
    assert [part for part in PLANTS[name][1] if part not in finding] == [], finding


@pytest.mark.parametrize("name", [name for name, (_, parts) in PLANTS.items() if not parts])
def test_an_exercise_that_holds_has_no_finding(summary: Summary, name: str) -> None:
    """A sound exercise is not blamed for its neighbours, nor one whose data is missing for what can't run here."""
    assert [f for f in summary.findings if name in f] == []


def test_what_could_not_be_proven_is_a_note(summary: Summary) -> None:
    """A check that was skipped is told once, with its reason."""
    assert [n for n in summary.notes if "skipped" in n] == ["not proven here: skipped: test_data: the data is not here"]


def test_known_wrong_solutions_that_nobody_can_tell_apart_are_a_note(summary: Summary) -> None:
    """The diagnosis names neither of two that behave alike, and the author is told."""
    assert [n for n in summary.notes if "twins" in n] == ["not named by the diagnosis: twins: fixed, constant"]


def test_every_finding_belongs_to_a_planted_exercise(summary: Summary) -> None:
    """Nothing is found that nobody planted."""
    assert len(summary.findings) == sum(bool(parts) for _, parts in PLANTS.values())


# The command


def test_the_command_is_content_with_a_sound_course(tmp_path: Path) -> None:
    """Exit code 0, and one sentence that counts what was proven."""
    done = grade(write_course(tmp_path), "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "no finding: 1 exercise, 2 checks, 2 other right solutions, 2 known-wrong solutions (2 named by the diagnosis)"
    )


def test_the_command_tells_a_finding_by_its_exit_code(tmp_path: Path) -> None:
    """Exit code 1, the finding on a line of its own, and the count."""
    folder, _ = folders(write_course(tmp_path), "scaling")
    (folder / "README.md").unlink()
    done = grade(tmp_path, "verify")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == f"✗ scaling: README.md is missing in {folder}; write it"
    assert done.stdout.splitlines()[-1].startswith("1 finding:")
