"""The learner's modules and packages under their own names, where objects are handed out. Runs in: checks."""

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from grader.remote import evaluable, never


class Asks(Protocol):
    """What answers for the modules."""

    def do(self, operation: str, *payload: Any) -> Any: ...

    def name_found(self, module: str, name: str, value: Any) -> Any: ...


_OWN = frozenset(["__name__", "__spec__", "__loader__", "__package__", "__path__", "__class__", "__all__", "__file__"])

_OBEYED = ("__", "pytest", "test", "Test", "setup", "setUp", "teardown", "tearDown", "load_tests")


class RemoteModule(ModuleType):
    """A module of the learner's. Each name is asked for when it is used, so it is never out of date."""

    def __getattribute__(self, name: str) -> Any:
        own = ModuleType.__getattribute__(self, "__dict__")
        if name in _OWN or name == "serve" or name.startswith("_remote_"):
            return ModuleType.__getattribute__(self, name)
        if name == "__dict__":
            names = own["_remote_asks"].do("namespace", own["__name__"])
            return {name: getattr(self, name) for name in names if not name.startswith("__")}
        if never(name):
            raise AttributeError(name)
        try:
            value = own["_remote_asks"].do("find", own["__name__"], name)
        except AttributeError as error:
            if name in own:  # a module below this one, which is not loaded over there
                return own[name]
            error.name, error.obj = name, self
            raise
        if name == "__annotations__":
            return evaluable(value)
        return own["_remote_asks"].name_found(own["__name__"], name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OWN or name.startswith("_remote_") or sys.modules.get(f"{self.__name__}.{name}") is value:
            ModuleType.__setattr__(self, name, value)
        else:
            asks: Asks = self._remote_asks
            asks.do("assign", self.__name__, name, value)

    def __delattr__(self, name: str) -> None:
        asks: Asks = self._remote_asks
        asks.do("remove", self.__name__, name)

    def serve(self, asks: Asks) -> None:
        """Say what answers for this module, and have it run."""
        self._remote_asks = asks
        self.__all__ = [name for name in asks.do("import", self.__name__) if not _is_of_tests(name)]

    def __dir__(self) -> list[str]:
        names: list[str] = self.__all__
        return names


def _is_of_tests(name: Any) -> bool:
    """Whether pytest or unittest would obey a name that `from module import *` puts into a module of the tests."""
    return not isinstance(name, str) or name.startswith(_OBEYED)


class _Finder(MetaPathFinder, Loader):
    def __init__(self, modules: Mapping[str, bool], trusted: Callable[[str], Path | None], asks: Asks) -> None:
        self._modules = modules  # name -> whether it is a package
        self._trusted = trusted
        self._asks = asks
        self.used: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname in self._modules:
            return ModuleSpec(fullname, self, is_package=self._modules[fullname])
        here = self._trusted(fullname)
        if here is None:
            return ModuleSpec(fullname, self, is_package=True) if self._is_made_there(fullname) else None
        folders = [str(here.parent)] if here.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(fullname, here, submodule_search_locations=folders)

    def _is_made_there(self, fullname: str) -> bool:
        """Whether the code has a module without a file below one of its own, as by an entry in `sys.modules`."""
        if fullname.partition(".")[0] not in self._modules:
            return False
        try:
            self._asks.do("import", fullname)
        except ImportError:
            return False
        return True

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return RemoteModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        assert isinstance(module, RemoteModule)
        self.used.add(module.__name__)
        module.serve(self._asks)


@contextmanager
def serving(modules: Mapping[str, bool], asks: Asks, trusted: Callable[[str], Path | None]) -> Iterator[set[str]]:
    """Serve these modules to every import until the end. Gives the names of those that are imported.

    `trusted` gives the file of a module that lies among them and stays on this side: the tests of a package.
    """
    finder = _Finder(modules, trusted, asks)
    before = {name: sys.modules.pop(name) for name in modules if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield finder.used
    finally:
        sys.meta_path.remove(finder)
        for name, module in list(sys.modules.items()):
            if name in modules or type(module) is RemoteModule:
                del sys.modules[name]
        sys.modules.update(before)
