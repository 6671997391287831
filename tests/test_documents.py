"""README, CONTRIBUTING and the tree agree with each other."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
AGREED = {
    "pyproject.toml",
    "README.md",
    "exercises",
    "solutions",
    "grader",
    "tests",
    "LICENSE",
    "NOTICE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
}


def modules() -> set[str]:
    """The modules and packages of `grader/`, as the README's table names them."""
    found = {path.stem for path in (ROOT / "grader").glob("*.py")} - {"__init__"}
    return found | {f"{path.parent.name}/" for path in (ROOT / "grader").glob("*/__init__.py")}


def test_the_module_table_is_complete() -> None:
    """Every module of the package has a row in the README's table, and no row is about one that is gone."""
    table = README.partition("Modules of `grader/`")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z_]+/?)`", row)}

    assert named == modules()


def test_a_module_says_which_process_runs_it() -> None:
    """Each module's docstring names its process, so that nobody has to guess what may be trusted where."""
    silent = [
        path.name
        for path in (ROOT / "grader").glob("*.py")
        if path.name != "__init__.py" and not re.search(r"[Rr]uns in: ", path.read_text(encoding="utf-8"))
    ]

    assert silent == []


def test_the_two_commands_are_one_line_each() -> None:
    """The README holds exactly two set-up commands; CI runs them as they stand."""
    commands = re.findall(r"^python3 -m venv .+$", README, re.MULTILINE)

    assert len(commands) == 2
    assert commands[0].endswith("grade run --solutions")
    assert commands[1].endswith("-m pytest")


def test_the_top_level_holds_what_was_agreed() -> None:
    """Nothing lies at the top level without need."""
    ignored = {line.strip("/\n") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    strays = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")} - AGREED - ignored

    assert {name for name in strays if not name.endswith(".egg-info")} == set()


def test_links_in_the_documents_lead_somewhere() -> None:
    """Every relative link of README and CONTRIBUTING is a file of the tree."""
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text)
        assert [link for link in links if not (ROOT / link).exists()] == []
