"""Strict reading of TOML tables: each key once, of the right type, none left over. Runs in: every trusted process."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import tomli

from grader.errors import CourseError

T = TypeVar("T")
_MISSING: Any = object()
_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
    bool: "true or false",
    datetime: "a date and time like 2026-12-01T23:59:00+01:00, without quotes",
}


class Table:
    """One table of a TOML file. `where` is the prefix of every message: "softmax/exercise.toml: limits"."""

    def __init__(self, data: dict[str, Any], where: str) -> None:
        self._data = dict(data)
        self.where = where

    @classmethod
    def read(cls, path: Path) -> "Table":
        """The table of a file. Raises CourseError where it is missing or not TOML."""
        where = str(Path(path.parent.name, path.name))
        try:
            return cls(tomli.loads(path.read_text(encoding="utf-8-sig")), where)  # editors of Windows may sign it
        except FileNotFoundError:
            raise CourseError(f"{path}: no such file; write it, or take its name out of the course") from None
        except (tomli.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise CourseError(f"{path}: {error}; mend the file") from None

    def take(self, key: str, kind: type[T], default: T = _MISSING) -> T:
        """The value of a key, removed. A whole number serves where a number is asked for."""
        if key not in self._data and default is not _MISSING:
            return default
        value = self._data.pop(key, _MISSING)
        if value is _MISSING:
            self.fail(key, "is missing", f"add {_NAMES[kind]}")
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            shown = str(value) if isinstance(value, date) else repr(value)
            self.fail(key, f"= {shown}", f"use {_NAMES[kind]}")
        result: T = value
        return result

    def names_left(self) -> tuple[str, ...]:
        """The keys that nobody has asked for yet."""
        return tuple(self._data)

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """A list of non-empty texts."""
        values = self.take(key, list, default) if default is not None else self.take(key, list)
        for value in values:
            if type(value) is not str or not value.strip():
                self.fail(key, f"holds {value!r}", "use a list of texts")
        return tuple(values)

    def tables(self, key: str, default: list[Any] | None = None) -> list["Table"]:
        """A list of tables, each with its place in its messages."""
        values = self.take(key, list, default) if default is not None else self.take(key, list)
        for value in values:
            if type(value) is not dict:
                self.fail(key, f"holds {value!r}", "use a list of tables")
        return [Table(value, f"{self.where}: {key} {number}") for number, value in enumerate(values, 1)]

    def table(self, key: str) -> "Table":
        """A table inside this one, empty where it is missing."""
        return Table(self.take(key, dict, {}), f"{self.where}: {key}")

    def finish(self) -> None:
        """Raises CourseError for a key that nobody asked for."""
        for key in self._data:
            self.fail(key, "is not a key of this file", "remove it, or mend its spelling")

    def fail(self, key: str, problem: str, remedy: str) -> None:
        """Raises CourseError with file, key, value and remedy."""
        raise CourseError(f"{self.where}: {key} {problem}; {remedy}")
