"""Plain data as TOML, always in the same bytes. Runs in: command line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

_WIDEST = 100  # characters of a list in one line
_SHORT = 12  # characters of parts that may stand in one line however many they are


def to_toml(data: Mapping[str, Any]) -> str:
    """A document: plain values, then tables, then lists of tables."""
    return "\n".join(_table(data, ())) + "\n"


def _table(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    tables = {key: value for key, value in data.items() if isinstance(value, Mapping) and not path}
    lists = {key: value for key, value in data.items() if _is_tables(value)}
    for key, value in data.items():
        if key not in tables and key not in lists:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in tables.items():
        yield from ("", f"[{_key(key)}]", *_table(value, (*path, key)))
    for key, values in lists.items():
        for value in values:
            yield from ("", f"[[{_key(key)}]]", *_table(value, (*path, key)))


def _is_tables(value: Any) -> bool:
    return isinstance(value, Sequence) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        parts = [_value(one) for one in value]
        line = f"[{', '.join(parts)}]"
        return (
            line
            if len(line) <= _WIDEST or len(max(parts, key=len)) <= _SHORT
            else "[\n" + "".join(f"    {part},\n" for part in parts) + "]"
        )
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else repr(value)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _text(key)


def _text(text: str) -> str:
    """A basic string: JSON's, but that TOML wants DEL escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
