"""Load an exercise's reference module beside whatever has its name already. Runs in: checks, or plain pytest."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from grader.errors import CourseError
from grader.table import Table


@cache
def load_reference(root: Path, name: str) -> ModuleType:
    """The reference of the exercise called `name` in the course at `root`; loaded once per process.

    It gets a private name (`_reference_softmax`): `sys.modules["softmax"]` may be the learner's. Raises CourseError.
    """
    path = _reference_path(root, name)
    private = f"_reference_{path.stem}"
    spec = importlib.util.spec_from_file_location(private, path)
    if spec is None or spec.loader is None:
        raise CourseError(f"{path}: not a Python module; a reference is named <module>.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[private] = module  # dataclasses look their module up while it is being executed
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[private]
        raise CourseError(f"{path}: {type(error).__name__}: {error}; a reference must be importable") from error
    return module


def _reference_path(root: Path, name: str) -> Path:
    """`solutions/*/<name>/<module>.py`, where `module` stands in `exercises/*/<name>/exercise.toml`."""
    known = {found.parent.name: found for found in sorted(root.glob("exercises/*/*/exercise.toml"))}
    if name not in known:
        there = ", ".join(known) or "none"
        raise CourseError(f"{root / 'exercises'}: no exercise is named {name!r}; there are: {there}")
    settings = known[name]
    module = Table.read(settings).take("module", str)
    path = root / "solutions" / settings.parent.parent.name / name / f"{module}.py"
    if not path.is_file():
        raise CourseError(f"{path}: not there; a check asks for it by reference({name!r})")
    return path
