"""Load an exercise's reference module beside whatever has its name already. Runs in: checks, or plain pytest."""

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from grader.errors import CourseError
from grader.table import Table

_PRIVATE = "_reference_"


@contextmanager
def built_of(root: Path, names: Sequence[str]) -> Iterator[None]:
    """While open, the references of these exercises have the names by which what is built of them imports them.

    Raises CourseError.
    """
    modules = {module.__name__.removeprefix(_PRIVATE): module for module in (load_reference(root, n) for n in names)}
    before = {name: sys.modules[name] for name in modules if name in sys.modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in modules:
            sys.modules.pop(name, None)
        sys.modules.update(before)


@cache
def load_reference(root: Path, name: str) -> ModuleType:
    """The reference of the exercise called `name` in the course at `root`; loaded once per process.

    It gets a private name (`_reference_softmax`): `sys.modules["softmax"]` may be the learner's. What it is built of
    are references too. Raises CourseError.
    """
    path, parts = _reference_path(root, name)
    private = f"{_PRIVATE}{path.stem}"
    spec = importlib.util.spec_from_file_location(private, path)
    if spec is None or spec.loader is None:
        raise CourseError(f"{path}: not a Python module; a reference is named <module>.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[private] = module  # dataclasses look their module up while it is being executed
    try:
        with built_of(root, parts):
            spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[private]
        raise CourseError(f"{path}: {type(error).__name__}: {error}; a reference must be importable") from error
    return module


def _reference_path(root: Path, name: str) -> tuple[Path, tuple[str, ...]]:
    """`solutions/*/<name>/<module>.py`, where `module` stands in `exercises/*/<name>/exercise.toml`, and its parts."""
    known = {found.parent.name: found for found in sorted(root.glob("exercises/*/*/exercise.toml"))}
    if name not in known:
        there = ", ".join(known) or "none"
        raise CourseError(f"{root / 'exercises'}: no exercise is named {name!r}; there are: {there}")
    settings = known[name]
    table = Table.read(settings)
    module, parts = table.take("module", str), table.texts("parts", [])
    path = root / "solutions" / settings.parent.parent.name / name / f"{module}.py"
    if not path.is_file():
        raise CourseError(f"{path}: not there; a check asks for it by reference({name!r})")
    return path, parts
