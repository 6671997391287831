"""Copied beside the code of every attack: how hostile code finds the worker that runs it, and speaks for it."""

import socket
import sys
import types

PAYLOAD = "__import__('sys').modules.get('pytest') and open('pwned', 'w')"  # marks the side of the tests alone


def worker():
    """The worker, from the frames below this one."""
    frame = sys._getframe()
    while frame is not None:
        if type(frame.f_locals.get("self")).__name__ == "Worker":
            return frame.f_locals["self"]
        frame = frame.f_back
    raise LookupError


def module_of(name):
    """A module of the worker's, whose name has been forgotten."""
    found = type(worker())._receive.__globals__
    if name == "wire":
        return found["wire"]
    endpoint = sys.modules.get("grader.endpoint") or types.SimpleNamespace(
        **type(worker()._project).__mro__[1].decode.__globals__
    )
    return endpoint


def frame(message, extra=None, updates=(), forgotten=(), released=()):
    """A frame of the object bridge with everything chosen."""
    said = [["", ""], []] if extra is None else extra
    return raw([message, said, list(updates), list(forgotten), list(released)])


def raw(body):
    """A frame of any body; a `Ref` in it becomes a reference."""
    wire = module_of("wire")
    return b"".join(bytes(piece) for piece in wire.encode(body, refer=lambda value: value.payload))


class Ref:
    """A reference of the wire, as chosen."""

    def __init__(self, *payload):
        self.payload = list(payload)


def say(data):
    """Put bytes on the connection."""
    connection = worker()._connection
    connection.sendall(data)


def number_asked():
    """The number of the request that is being answered."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_answer" and type(frame.f_locals.get("self")).__name__ == "Worker":
            return frame.f_locals["message"][1]
        frame = frame.f_back
    raise LookupError


def answer(value, **more):
    """Answer the present request with a forged value, and never speak again."""
    say(frame(["value", number_asked(), value, None], **more))
    silence()


def silence():
    """Wait until the end of the connection."""
    connection = worker()._connection
    while connection.recv(1 << 16):
        pass
    raise SystemExit


__all__ = [
    "PAYLOAD",
    "Ref",
    "answer",
    "frame",
    "module_of",
    "number_asked",
    "raw",
    "say",
    "silence",
    "socket",
    "worker",
]
