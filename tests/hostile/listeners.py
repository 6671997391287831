"""Sockets of this machine that no submission may reach, and one that none may open."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PORT = 47631
FORBIDDEN_PORT = 47632
ABSTRACT = "\0HOSTILE-CANARY"


@contextmanager
def listening(folder: Path) -> Iterator[list[socket.socket]]:
    """Listen on the ports, the abstract name and the file that attacks try. One test run after another on a machine."""
    with ExitStack() as stack:
        place = os.open(folder, os.O_RDONLY)
        stack.callback(os.close, place)
        common = os.open(tempfile.gettempdir(), os.O_RDONLY)  # a lock that leaves no file
        stack.callback(os.close, common)
        fcntl.flock(common, fcntl.LOCK_EX)
        made = []
        for family, kind, address in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", PORT)),
            (socket.AF_INET6, socket.SOCK_STREAM, ("::1", PORT)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", PORT)),
            (socket.AF_UNIX, socket.SOCK_STREAM, ABSTRACT),
            (socket.AF_UNIX, socket.SOCK_STREAM, f"/proc/self/fd/{place}/CANARY.sock"),  # its own path may be too long
        ):
            if family == socket.AF_INET6 and not _has_ipv6():
                continue
            one = stack.enter_context(socket.socket(family, kind))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
            one.setblocking(False)
            if kind == socket.SOCK_STREAM:
                one.listen()
            made.append(one)
        yield made


def _has_ipv6() -> bool:
    """Whether this machine has the address ::1."""
    addresses = Path("/proc/net/if_inet6")
    return addresses.exists() and f"{1:032x}" in addresses.read_text(encoding="ascii")


def contacts(listeners: list[socket.socket]) -> list[str]:
    """The addresses at which somebody came by since the last time."""
    return [str(one.getsockname()) for one in listeners if _was_reached(one)]


def _was_reached(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def forbidden_port_is_open() -> bool:
    """Whether somebody listens on the port that attacks try to open."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", FORBIDDEN_PORT)) == 0
