"""Where attacks are graded: a copy of the package with a course of its own, a class folder, a home; canaries in all.

CANARY_FILE              one above the class folder
package/grader/          the package; its course: one exercise for each attack, and neighbours before and after them
class/                   the workspace with everybody's files and the progress
home/                    the home of whoever grades
tmp/                     for temporary files of the grader
reports/
"""

import hashlib
import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import grader
from grader.progress import Progress

from .attack import Attack
from .objects import RIGHT

BEFORE, HOSTILE, AFTER = "01_before", "02_hostile", "03_after"
HALF = "import numpy as np\n\n\ndef sigmoid(x):\n    return np.exp(x) / (2 + np.exp(x))\n"
NEIGHBOURS = {  # exercise: (chapter, what is handed in)
    "right-before": (BEFORE, RIGHT),
    "half-before": (BEFORE, HALF),
    "right-after": (AFTER, RIGHT),
    "half-after": (AFTER, HALF),
}
HINT = ("CANARY-progress_hint", 1, 0)  # a row of the table of hints
SHOWS = "test_shows_what_was_printed"

_COMMAND = "import sys\nfrom grader.cli import main\n\nmain()\n"
_CHECKS = '''\
"""Hidden checks. CANARY-checks_{name}"""

import numpy as np
from {module} import sigmoid

from grader.checks import assert_close

SECRET = "CANARY-checks_constant"


def expected(x):
    return 1 / (1 + np.exp(-x))


def test_shows_what_was_printed():
    """Fails always and counts nothing, so that the report quotes what was printed so far."""
    try:
        sigmoid(np.array([0.25, -0.5]))
    finally:
        raise AssertionError("as ever")


def test_values():
    """Values, drawn anew for each run where they are to be guessed."""
    random = np.random.default_rng({seed})
    for x in [random.uniform(-3, 3, size=(2, 3)), *random.uniform(-3, 3, size=(8, 2))]:
        assert_close(sigmoid(x), expected(x))
'''
_SETTINGS = """\
title = "Attack"
module = "{module}"
functions = ["sigmoid"]
points = 10
prerequisites = []
core = "test_values"
advisory = ["test_shows_what_was_printed"]
hints = ["CANARY-hint_of_exercise"]
why = "To see what it does."

[limits]
seconds = {seconds}
memory_mb = 128
"""
_WRONG = """\
# CANARY-known_wrong
[[wrong]]
name = "zeros"
title = "zeros"
check = "test_values"
feedback = "Not zeros."
code = "import numpy as np\\n\\n\\ndef sigmoid(x):\\n    return np.zeros(np.shape(x))\\n"
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """The folders, once they are laid out."""

    root: Path

    @property
    def package(self) -> Path:
        return self.root / "package" / "grader"

    @property
    def workspace(self) -> Path:
        return self.root / "class"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def progress(self) -> Path:
        return self.workspace / ".grade" / "progress.sqlite3"

    @property
    def command(self) -> list[str]:
        """What starts `grade` of the copied package."""
        return [sys.executable, str(self.root / "package" / "grade")]

    def environment(self) -> dict[str, str]:
        """The grader's environment: little, and a secret in it."""
        return {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(self.root / "package"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "OPENBLAS_NUM_THREADS": "1",
            "GRADER_TOKEN": "CANARY-environment",
        }


def lay_out(root: Path, attacks: tuple[Attack, ...]) -> Ground:
    """Write everything below `root` but the progress, which `plant_progress` adds once there is some."""
    ground = Ground(root)
    for folder in (ground.workspace, ground.temporary, ground.reports, ground.home / ".ssh"):
        folder.mkdir(parents=True)
    shutil.copytree(Path(grader.__file__).parent, ground.package, ignore=shutil.ignore_patterns("_course"))
    (root / "package" / "grade").write_text(_COMMAND, encoding="utf-8")
    _write_course(ground.package / "_course", attacks)
    _write_submissions(ground.workspace, attacks)
    for path, text in {
        root / "CANARY_FILE": "CANARY-above_the_class\n",
        ground.package / "CANARY_FILE": "CANARY-in_the_package\n",
        ground.home / ".ssh" / "id_test": "CANARY-ssh_key\n",
        ground.home / ".bashrc": "# CANARY-bashrc\n",
    }.items():
        path.write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(ground.package / "progress.db")) as decoy, decoy:
        decoy.execute("CREATE TABLE secret (token TEXT)")
        decoy.execute("INSERT INTO secret VALUES ('CANARY-progress_decoy')")
    return ground


def plant_progress(ground: Ground) -> None:
    """Put a canary into the progress."""
    with closing(sqlite3.connect(ground.progress)) as progress, progress:
        progress.execute("INSERT INTO hints VALUES (?, ?, ?)", HINT)


def progress_is_sound(ground: Ground) -> bool:
    """Whether the progress holds the canary as it was planted, the tables of the grader, and nothing else."""
    with closing(sqlite3.connect(ground.progress)) as progress:
        hints = progress.execute("SELECT * FROM hints").fetchall()
        return hints == [HINT] and _tables(progress) == _own_tables()


def _tables(database: sqlite3.Connection) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@cache
def _own_tables() -> set[str]:
    """The tables of a progress file in which nothing has been kept yet."""
    with TemporaryDirectory() as folder:
        fresh = Path(folder) / "progress.sqlite3"
        Progress.open(fresh).close()
        with closing(sqlite3.connect(fresh)) as database:
            return _tables(database)


def _write_course(root: Path, attacks: tuple[Attack, ...]) -> None:
    chapters: dict[str, list[str]] = {BEFORE: [], HOSTILE: [], AFTER: []}
    for name, (chapter, _) in NEIGHBOURS.items():
        chapters[chapter].append(name)
        _write_exercise(root, chapter, name, seconds=20.0, seed="7")
    for attack in attacks:
        chapters[HOSTILE].append(attack.exercise)
        _write_exercise(root, HOSTILE, attack.exercise, seconds=attack.seconds, seed="")
    text = 'format = 1\nid = "neural-network-basics"\ntitle = "Attacks"\n'
    for chapter, names in chapters.items():
        text += f'\n[[chapter]]\nfolder = "{chapter}"\ntitle = "{chapter[3:]}"\nexercises = {names}\n'
    (root / "exercises" / "course.toml").write_text(text, encoding="utf-8")


def _write_exercise(root: Path, chapter: str, name: str, *, seconds: float, seed: str) -> None:
    module = name.replace("-", "_")
    exercise, solution = (root / part / chapter / name for part in ("exercises", "solutions"))
    exercise.mkdir(parents=True)
    solution.mkdir(parents=True)
    for path, text in {
        exercise / f"{module}.py": "def sigmoid(x):\n    raise NotImplementedError\n",
        exercise / "README.md": "# Attack\n\nCANARY-task_text\n",
        exercise / f"test_{module}.py": _CHECKS.format(name=module[:40], module=module, seed=seed),
        exercise / "exercise.toml": _SETTINGS.format(module=module, seconds=seconds),
        solution / f"{module}.py": f"# CANARY-reference_file\n{RIGHT}",
        solution / "wrong.toml": _WRONG,
    }.items():
        path.write_text(text, encoding="utf-8")


def _write_submissions(workspace: Path, attacks: tuple[Attack, ...]) -> None:
    (workspace / "neurograde.toml").write_text('format = 1\ncourse = "neural-network-basics"\n', encoding="utf-8")
    for name, (chapter, source) in NEIGHBOURS.items():
        folder = workspace / chapter / name
        folder.mkdir(parents=True)
        text = f"# CANARY-other_submission\n{source}"
        (folder / f"{name.replace('-', '_')}.py").write_text(text, encoding="utf-8")
    for attack in attacks:
        folder = workspace / HOSTILE / attack.exercise
        folder.mkdir(parents=True)
        attack.put(folder / f"{attack.name}.py")


def picture(ground: Ground) -> dict[str, tuple[object, ...]]:
    """Every file below the ground with its mode, its times and a digest, less what the grader itself writes."""
    own = (ground.reports, ground.temporary, ground.progress.parent)
    seen: dict[str, tuple[object, ...]] = {}
    for folder, names, files in os.walk(ground.root):
        names[:] = [name for name in names if Path(folder, name) not in own]
        for name in (*names, *files):
            path = Path(folder, name)
            status = path.lstat()
            seen[str(path.relative_to(ground.root))] = (status.st_mode, status.st_uid)
            if stat.S_ISREG(status.st_mode):
                digest = hashlib.sha256(path.read_bytes()).hexdigest() if os.access(path, os.R_OK) else ""
                seen[str(path.relative_to(ground.root))] += (status.st_mtime_ns, status.st_ctime_ns, digest)
    return seen
