from dataclasses import dataclass

from inside import PAYLOAD


def add(a: PAYLOAD, b: f"list[{PAYLOAD}]") -> PAYLOAD:
    return 0


def sub(a: "int", b: "list[int] | None" = None) -> "str":
    return 0


@dataclass
class Point:
    x: PAYLOAD = 0


Point.__init__.__annotations__["x"] = PAYLOAD
