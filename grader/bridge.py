"""Serve a learner's module under its own name to the checks. Runs in: checks.

While `serving` is open, `from softmax import softmax` gives a proxy. A proxy knows only its names: each call goes to
the backend that serves the module at that moment (the learner's process, or a known-wrong solution during diagnosis).
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Protocol

from grader.course import Exercise
from grader.language import _
from grader.served import Asks, RemoteModule


class Backend(Protocol):
    """What answers for a module."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...

    def constant(self, name: str) -> Any: ...


backends: dict[str, Backend] = {}  # module name -> what answers for it now


class LearnerFunction:
    """A function of the learner's module, as the checks see it."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return backends[self._module].call(self.__name__, args, kwargs)

    def __repr__(self) -> str:
        return f"<{self._module}.{self.__name__}>"


class MissingConstant:
    """Stands where the learner's module lacks a constant. Any use of it says so."""

    def __init__(self, module: str, name: str) -> None:
        self._names = module, name

    def _fail(self, *_: object) -> Any:
        raise MissingName(*self._names)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("_", "pytest")):  # what Python, NumPy and pytest ask of any object
            raise AttributeError(name)
        self._fail()

    __iter__ = __getitem__ = __len__ = __contains__ = __array__ = __float__ = __int__ = __index__ = __call__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _fail
    __pow__ = __neg__ = _fail
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _fail
    __hash__ = object.__hash__


class MissingName(Exception):
    """A check used a name that the learner's module does not define."""

    def __init__(self, module: str, name: str, *, is_function: bool = False) -> None:
        said = _("{file} defines no {names}; keep the names of the stub")
        if is_function:
            said = _("{file} defines no function {names}; keep the names of the stub")
        super().__init__(said.format(file=f"{module}.py", names=f"`{name}`"))


class _Finder(MetaPathFinder, Loader):
    def __init__(self, exercises: Iterable[Exercise], open_objects: Callable[[Exercise], Asks]) -> None:
        self._exercises = {exercise.module: exercise for exercise in exercises}
        self._open_objects = open_objects

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self) if fullname in self._exercises else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return RemoteModule(spec.name) if self._exercises[spec.name].objects else None

    def exec_module(self, module: ModuleType) -> None:
        exercise = self._exercises[module.__name__]
        if isinstance(module, RemoteModule):
            module.serve(self._open_objects(exercise))
            return
        for name in exercise.functions:
            setattr(module, name, LearnerFunction(exercise.module, name))
        backend = backends.get(exercise.module)  # there already where a check imports while it runs
        for name in exercise.constants:
            missing = MissingConstant(exercise.module, name)
            setattr(module, name, missing if backend is None else backend.constant(name))


@contextmanager
def serving(exercises: Iterable[Exercise], open_objects: Callable[[Exercise], Asks]) -> Iterator[None]:
    """Serve the modules of these exercises to every import until the end.

    `open_objects` gives what answers for an exercise that hands out objects.
    """
    finder = _Finder(exercises, open_objects)
    names = [e.module for e in exercises]
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in names:
            sys.modules.pop(name, None)
            backends.pop(name, None)
        sys.modules.update(before)


def put_constants(test_module: ModuleType, exercise: Exercise, backend: Backend) -> None:
    """Give a check file the constants of the module that answers now; it may have imported them by name.

    Or it has the module, which is the one that was served when the file was imported.
    """
    served = [v for v in vars(test_module).values() if isinstance(v, ModuleType) and v.__name__ == exercise.module]
    for holder in (test_module, *served, sys.modules.get(exercise.module)):
        for name in exercise.constants:
            if holder is not None and hasattr(holder, name):
                setattr(holder, name, backend.constant(name))
