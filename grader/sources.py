"""A learner's files as code: read, compiled, imported. Runs in: learner's process."""

import io
import tokenize
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Loader
else:
    Loader = object  # the real one brings modules with it for which every zygote would wait


class Sources(Loader):
    """Imports the learner's own files from the source that was sent: no path, no compiled file, no folder."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        self._sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self, origin=f"{fullname}.py") if fullname in self._sources else None

    def create_module(self, spec: ModuleSpec) -> None:
        """As any other module."""

    def exec_module(self, module: ModuleType) -> None:
        exec(compile_source(module.__name__, self._sources[module.__name__]), vars(module))  # noqa: S102


def compile_source(module: str, source: bytes) -> CodeType:
    """Code of a learner's file, read as Python reads a file: UTF-8 if it declares nothing else. Raises SyntaxError."""
    file = f"{module}.py"
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(source).readline)[0]
        text = source.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise SyntaxError(_why_no_text(source), (file, _line_of(error), None, None)) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SyntaxError("a NUL byte stands here; delete it, or save the file as UTF-8 text", (file, line, None, None))
    return compile(text, file, "exec", dont_inherit=True)


def _why_no_text(source: bytes) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is saved as UTF-16; save it as UTF-8"
    return "the file is not UTF-8 text and declares no other encoding that fits; save it as UTF-8"


def _line_of(error: Exception) -> int:
    """The line of the first byte that is no text; 1 where that isn't known."""
    return error.object.count(b"\n", 0, error.start) + 1 if isinstance(error, UnicodeDecodeError) else 1
