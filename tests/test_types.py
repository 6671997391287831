"""The course's own code is typed: what a learner is handed, the references, and the checks that call them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STUBS = [path for path in sorted(ROOT.glob("exercises/*/*/*.py")) if not path.name.startswith(("test_", "picture."))]
REFERENCES = sorted(ROOT.glob("solutions/*/*/*.py"))
CHECKS = sorted(ROOT.glob("exercises/*/*/test_*.py"))
PICTURES = sorted(ROOT.glob("exercises/*/*/picture.py"))


@pytest.mark.parametrize("files", [STUBS, REFERENCES + CHECKS], ids=["stubs", "references-and-checks"])
def test_types_are_right(files: list[Path]) -> None:
    """A stub and its reference have one name, so mypy sees them one after the other; checks import the references."""
    _check(files, {str(path.parent) for path in files if path not in CHECKS})


def test_types_of_pictures_are_right(tmp_path: Path) -> None:
    """All of them are called alike, so mypy gets them under names of their own."""
    renamed = [tmp_path / f"picture_{path.parent.name.replace('-', '_')}.py" for path in PICTURES]
    for path, copy in zip(PICTURES, renamed, strict=True):
        copy.write_bytes(path.read_bytes())
    _check(renamed, {str(path.parent) for path in REFERENCES})


def _check(files: list[Path], folders: set[str]) -> None:
    """Demand that mypy finds nothing in these files, which import from the folders."""
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--explicit-package-bases", *map(str, files)],
        check=False,
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": os.pathsep.join((*sorted(folders), str(ROOT)))},
        capture_output=True,
        encoding="utf-8",
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
