"""Feed malformed frames to both decoders of the trusted side. A script for atheris (libFuzzer), run by hand.

    pip install atheris
    python tests/fuzz_wire.py CORPUS -max_total_time=900 -rss_limit_mb=300 -timeout=2

Whatever the bytes are, there is a value or a WireError: libFuzzer ends the run at any other exception, at a frame that
takes two seconds, and at more than 300 MB.
"""

import os
import sys
import warnings
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from ipaddress import ip_address, ip_network
from pathlib import Path
from uuid import UUID

import atheris
import numpy as np

with atheris.instrument_imports(include=["grader"]):
    from grader import wire
    from grader.endpoint import Endpoint
    from grader.given import Given
    from grader.mirrors import describe

LARGEST_BODY = 1 << 14


class Box:
    """What a learner's object may be."""

    def __len__(self) -> int:
        return 1


class Colour(Enum):
    """What a learner's enumeration may be."""

    RED = 1


class Other(Endpoint):
    """The learner's end, for frames to start from."""

    def may_leave(self, value: object) -> None:
        """Everything of a learner's may be handed out."""


def answer(operation: str, *payload: object) -> object:
    """The process that is asked: it describes a class, and does nothing else."""
    if operation == "describe" and payload[0] == 2:
        return describe(Box)
    raise wire.WireError(f"asked for {operation}")


def one(data: bytes) -> None:
    """One frame: two bytes say how much of it is the body."""
    if len(data) < 2:
        return
    split = int.from_bytes(data[:2], "little") % LARGEST_BODY
    body, blobs = data[2 : 2 + split], data[2 + split :]
    for decode in (lambda: wire.decode(body, blobs), lambda: wire.decode(body, blobs, resolve=lambda found: found)):
        try:
            value = decode()
        except wire.WireError:
            continue
        try:
            wire.encode(value)
        except wire.Unsendable:
            continue
    given = Given(answer, frozenset(), lambda: RuntimeError("lost"), {})
    try:
        given.decode(body, blobs)
    except wire.WireError:
        return


def seeds() -> list[bytes]:
    """Frames as they are sent, to start from."""
    plain: list[object] = [None, [1, 2.5, "text", b"bytes", (1, {2: frozenset({3})})], {"a": 10**40, "b": 1 + 2j}]
    plain += [[date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC), Decimal("1.5"), Fraction(1, 3), range(3), ...]]
    plain += [[np.arange(6.0).reshape(2, 3), np.float32(1), {1, 2}]]
    frames = [b"".join(bytes(piece) for piece in wire.encode(value)) for value in plain]
    answers: list[object] = [1, [1, [2], {"k": {3}}], Box(), ValueError("no"), int, Box, {Box(): 1}, defaultdict(list)]
    answers += [np.array(["a", "bc"]), np.array([Box(), None]), np.dtype("M8[s]"), np.str_("text"), Colour]
    answers += [np.array([("a", 1, [2.0])], [("name", "U3"), ("n", "i4"), ("at", "f8", (1,))]).view(np.recarray)]
    answers += [[UUID(int=1), ip_address("::1"), ip_network("10.0.0.0/8")]]
    for value in answers:
        pieces = Other(1).encode(["value", 1, value, None], [["printed", ""], [[UserWarning, "text"]]])
        frames.append(b"".join(bytes(piece) for piece in pieces))
    sizes = [wire.lengths(frame[: wire.HEADER.size])[0] for frame in frames]
    return [size.to_bytes(2, "little") + frame[wire.HEADER.size :] for size, frame in zip(sizes, frames, strict=True)]


if __name__ == "__main__":
    for argument in sys.argv[1:2]:
        for number, seed in enumerate(seeds()):
            (Path(argument) / f"seed-{number}").write_bytes(seed)
    warnings.simplefilter("ignore")
    atheris.Setup(sys.argv, one)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        sys.stdout = nowhere  # what a frame has printed here is nobody's
        atheris.Fuzz()
