"""A folder of code for `grade suite`: which files are served, and which stay here. Runs in: command line."""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from msgspec import Struct

from grader import intake
from grader.errors import WorkspaceError

MOST_FILES = 5_000
MOST_BYTES = 48 * 2**20  # of all files: they lie in the memory of the sandbox
_MOST_OF_ONE = 16 * 2**20
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "build", "dist"})
_COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib")


class CodeFolder(Struct, frozen=True):
    """What the learner's process gets. `modules`: dotted name -> whether it is a package."""

    folder: Path
    modules: dict[str, bool]
    sources: dict[str, bytes]  # path without .py -> text
    files: dict[str, bytes]  # path -> content of what is no Python
    tests: tuple[Path, ...]
    left_out: tuple[str, ...]  # sentences

    def holds(self, path: Path) -> bool:
        """Whether a path is this folder or in it, and not of the tests."""
        path = path.resolve()
        tests = (test for test in self.tests if test != self.folder)
        return path.is_relative_to(self.folder) and not any(path.is_relative_to(test) for test in tests)

    def trusted(self, name: str) -> Path | None:
        """The file of a module that lies in this folder and belongs to the tests."""
        path = self.folder.joinpath(*name.split("."))
        for file in (path.with_name(f"{path.name}.py"), path / "__init__.py"):
            if file.is_file() and _belongs(file, self.tests):
                return file
        return None


def read(folder: Path, tests: Sequence[Path], serve: Sequence[str] = ()) -> CodeFolder:
    """Read a folder whose modules are to be served. `tests` stay on this side, whatever lies below them too.

    A module that lies beside the tests as well stays theirs, unless `serve` names it.

    Raises WorkspaceError where there is no module, or too much.
    """
    folder = folder.resolve()
    kept = tuple(_own_folder(test.resolve(), folder) for test in tests)
    sources: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    room = MOST_BYTES
    for path in _files(folder, kept):
        name = path.relative_to(folder).as_posix()
        data = intake.read(path, _MOST_OF_ONE)
        if isinstance(data, intake.Refusal):
            left_out.append(f"{name}: {data.message}")
            continue
        room -= len(data)
        if room < 0 or len(sources) + len(files) >= MOST_FILES:
            raise WorkspaceError(
                f"{folder}: more than {MOST_FILES:,} files or {MOST_BYTES // 2**20} MiB; name the folder of the code"
            )
        if name.endswith(".py"):
            sources[name.removesuffix(".py")] = data
        else:
            files[name] = data
    modules, taken = _modules(sources, _beside(folder, kept) - set(serve))
    left_out += taken
    for name in serve:
        if name not in modules:
            if refused := [one for one in taken if one.startswith(f"{name}: ")]:
                raise WorkspaceError(f"{folder}: --serve {refused[0]}")
            there = ", ".join(sorted(module for module in modules if "." not in module)) or "none"
            raise WorkspaceError(f"{folder}: has no module {name} that --serve could take; there are: {there}")
    if not modules:
        why = "; ".join(["holds no module to serve", *left_out]) + "; name the folder in which the modules lie"
        raise WorkspaceError(f"{folder}: {why}")
    return CodeFolder(folder, modules, sources, files, kept, tuple(left_out))


def _own_folder(test: Path, folder: Path) -> Path:
    """The test; for a file in a folder of tests among the code, that folder: its helpers belong to it."""
    inside = folder in test.parent.parents and test.parent.name in ("test", "tests")
    return test.parent if inside and test.is_file() else test


def _files(folder: Path, tests: tuple[Path, ...]) -> Iterator[Path]:
    """Every file of the code, in order: nothing hidden or compiled, no link, no test."""
    for where, folders, names in os.walk(folder):
        here = Path(where)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _LEFT_OUT and not _belongs(here / name, tests)
        )
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and not name.endswith(_COMPILED) and not _is_test(path, tests):
                yield path


def _belongs(path: Path, tests: tuple[Path, ...]) -> bool:
    """Whether a path is one of the tests, below one, or a test file by its name."""
    return any(path == test or test in path.parents for test in tests) or _is_test(path, tests)


def _is_test(path: Path, tests: tuple[Path, ...]) -> bool:
    name = path.name
    named_so = name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py")
    beside = any(test.is_file() and test.parent == path.parent for test in tests)
    return path in tests or (named_so and (beside or any(test in path.parents for test in tests)))


def _beside(folder: Path, tests: tuple[Path, ...]) -> set[str]:
    """The names that the tests' own modules have: helpers of theirs must never be the learner's."""
    names: set[str] = set()
    for test in tests:
        base = test if test.is_dir() else test.parent
        while (base / "__init__.py").is_file() and base != folder:
            base = base.parent
        if base == folder:
            continue
        for where, folders, files in os.walk(base):
            folders[:] = [name for name in folders if not name.startswith(".") and Path(where, name) != folder]
            names |= {Path(name).stem for name in files if name.endswith(".py")}
            names |= {name for name in folders if any(Path(where, name).glob("*.py"))}
    return names


def _modules(sources: dict[str, bytes], beside: set[str]) -> tuple[dict[str, bool], list[str]]:
    """The modules that can be imported by name, and why others are not served."""
    modules: dict[str, bool] = {}
    left_out: list[str] = []
    plugins = {plugin.module.partition(".")[0] for plugin in entry_points(group="pytest11")}
    for path in sources:
        *folders, last = path.split("/")
        parts = folders if last == "__init__" else [*folders, last]
        if not parts or not all(part.isidentifier() for part in parts):
            continue
        root = parts[0]
        if root == "conftest":
            continue  # pytest's own name for what belongs to the tests
        if root in beside:
            said = (
                f"{root}: lies beside the tests too, and theirs is used; `--serve {root}` takes the one in this folder"
            )
            left_out += [said] if said not in left_out else []
            continue
        if root in sys.stdlib_module_names or root in plugins or (root in sys.modules and root not in modules):
            said = f"{root}: has the name of a module that the grader itself uses, and is not served; rename it"
            left_out += [said] if said not in left_out else []
            continue
        for depth in range(1, len(parts)):
            modules[".".join(parts[:depth])] = True
        modules.setdefault(".".join(parts), last == "__init__")
    return modules, left_out
