"""Fetching, against a small server on this machine."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pooch  # type: ignore[import-untyped]
import pytest

from grader.data.fetch import fetch_mnist
from grader.data.where import MNIST_FILES, Contents, KnownFile, find_mnist
from grader.errors import DataError

PIECE = 64 * 1024
BODIES = {"a-ubyte.gz": b"a" * 3 * PIECE, "b-ubyte.gz": b"b" * 100}
FILES = tuple(
    KnownFile(name, Contents(len(body), hashlib.sha256(body).hexdigest()), Contents(0, ""))
    for name, body in BODIES.items()
)
NAMES = sorted(BODIES)


@dataclass
class Mirror:
    """What a server does: its files, its way of failing, and the names it was asked for."""

    bodies: dict[str, bytes]
    manner: str = "whole"  # or: cut, endless, other, lost
    asked: list[str] = field(default_factory=list)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Serve one Mirror."""

    def __init__(self, mirror: Mirror, *args: object) -> None:
        self.mirror = mirror
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.mirror.asked.append(name)
        body = self.mirror.bodies[name]
        if self.mirror.manner == "lost":
            self.send_error(404)
            return
        self.send_response(200)
        if self.mirror.manner != "endless":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.serve(body)

    def serve(self, body: bytes) -> None:
        if self.mirror.manner == "endless":
            self.serve_until_hung_up()
        elif self.mirror.manner == "cut":
            self.wfile.write(body[: len(body) // 2])
        elif self.mirror.manner == "other":
            self.wfile.write(b"?" + body[1:])
        else:
            self.wfile.write(body)

    def serve_until_hung_up(self) -> None:
        try:
            while True:
                self.wfile.write(bytes(PIECE))
        except OSError:
            self.close_connection = True

    def log_message(self, *_args: object) -> None:
        """A test's output is not the place for a server's log."""


Start = Callable[..., Mirror]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a mirror on a free port of this machine; all of them stop when the test ends."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    servers: list[ThreadingHTTPServer] = []

    def start_one(manner: str = "whole", bodies: dict[str, bytes] = BODIES) -> Mirror:
        mirror = Mirror(bodies, manner)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, mirror))
        mirror.url = f"http://127.0.0.1:{server.server_port}/mnist/"
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return mirror

    yield start_one
    for server in servers:
        server.shutdown()
        server.server_close()


def closed_port() -> str:
    """A URL at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}/"


def names_in(folder: Path) -> list[str]:
    """All that lies in `folder`, temporary files included; nothing where it was not made."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_files_arrive_in_a_new_folder(start: Start, tmp_path: Path) -> None:
    """Every file is there, whole, under its own name, and nothing else is."""
    folder = fetch_mnist(tmp_path / "new" / "mnist", mirrors=[start().url], files=FILES)
    assert folder == tmp_path / "new" / "mnist"
    assert {name: (folder / name).read_bytes() for name in names_in(folder)} == BODIES


def test_progress_counts_up_to_the_whole(start: Start, tmp_path: Path) -> None:
    """For each file the bytes never shrink, and the last call says all of them."""
    calls: list[tuple[str, int, int]] = []
    fetch_mnist(tmp_path, lambda *call: calls.append(call), mirrors=[start().url], files=FILES)
    for file in FILES:
        done = [done for name, done, total in calls if name == file.name and total == file.packed.bytes]
        assert done == sorted(done)
        assert done[-1] == file.packed.bytes
    assert [name for name, *_ in calls] == sorted(name for name, *_ in calls)


def test_right_file_is_not_fetched_again(start: Start, tmp_path: Path) -> None:
    """A second fetch asks for what is missing only."""
    (tmp_path / NAMES[0]).write_bytes(BODIES[NAMES[0]])
    mirror = start()
    fetch_mnist(tmp_path, mirrors=[mirror.url], files=FILES)
    assert mirror.asked == [NAMES[1]]


def test_wrong_file_is_replaced(start: Start, tmp_path: Path) -> None:
    """A damaged file of an earlier attempt gives way to the right one."""
    (tmp_path / NAMES[0]).write_bytes(b"damaged")
    fetch_mnist(tmp_path, mirrors=[start().url], files=FILES)
    assert (tmp_path / NAMES[0]).read_bytes() == BODIES[NAMES[0]]


@pytest.mark.parametrize("manner", ["cut", "endless", "other", "lost"])
def test_second_mirror_helps_out(start: Start, tmp_path: Path, manner: str) -> None:
    """Whatever is wrong with the first mirror, the next one is tried."""
    first, second = start(manner), start()
    fetch_mnist(tmp_path, mirrors=[first.url, second.url], files=FILES)
    assert first.asked == second.asked == NAMES
    assert names_in(tmp_path) == NAMES


@pytest.mark.parametrize(
    ("manner", "told"),
    [
        ("cut", "the transfer broke off"),
        ("endless", "sent another file"),
        ("other", "sent another file"),
        ("lost", "answered 404"),
    ],
)
def test_bad_mirror_leaves_nothing_and_is_told(start: Start, tmp_path: Path, manner: str, told: str) -> None:
    """No half-written, no wrong and no temporary file is left, and the reason is in the message."""
    mirror = start(manner)
    with pytest.raises(DataError, match=f"{mirror.url}a-ubyte.gz: {told}"):
        fetch_mnist(tmp_path / "mnist", mirrors=[mirror.url], files=FILES)
    assert names_in(tmp_path / "mnist") == []


def test_no_network_says_how_to_do_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing answers, the message names the folder, the four files, their sizes and the variable."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(DataError, match="no connection") as caught:
        fetch_mnist(tmp_path / "mnist", mirrors=[closed_port(), closed_port()])
    for file in MNIST_FILES:
        assert f"{file.name} ({file.packed.bytes:,} bytes)" in str(caught.value)
    assert str(tmp_path / "mnist") in str(caught.value)
    assert "NEUROGRADE_DATA" in str(caught.value)


def test_failed_fetch_keeps_the_file_that_was_there(start: Start, tmp_path: Path) -> None:
    """The old file, wrong or not, is the person's own until a better one has arrived."""
    (tmp_path / NAMES[0]).write_bytes(b"mine")
    with pytest.raises(DataError):
        fetch_mnist(tmp_path, mirrors=[start("cut").url], files=FILES)
    assert (tmp_path / NAMES[0]).read_bytes() == b"mine"


def test_interrupt_leaves_nothing_half_written(start: Start, tmp_path: Path) -> None:
    """Ctrl-C in the middle of the first file."""

    def interrupt(_name: str, done: int, total: int) -> None:
        if 0 < done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_mnist(tmp_path, interrupt, mirrors=[start().url], files=FILES)
    assert names_in(tmp_path) == []


def test_folder_that_cannot_be_made_is_named(start: Start, tmp_path: Path) -> None:
    """A file where the folder should be is a matter of the folder, not of the mirrors."""
    (tmp_path / "taken").write_text("a file")
    mirror = start()
    with pytest.raises(DataError, match=r"cannot be written .*name another folder"):
        fetch_mnist(tmp_path / "taken" / "mnist", mirrors=[mirror.url], files=FILES)
    assert mirror.asked == []


def test_fetch_says_nothing_itself(start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Only the command line talks: pooch's announcements are off."""
    # Not in the tree of loggers, so caplog has to be told of it.
    pooch.get_logger().addHandler(caplog.handler)
    try:
        fetch_mnist(tmp_path, mirrors=[start().url], files=FILES)
    finally:
        pooch.get_logger().removeHandler(caplog.handler)
    assert caplog.messages == []


def test_fetched_mnist_is_found(start: Start, tmp_path: Path, real_mnist: Path) -> None:
    """The four real files pass their checksums on the way and make a folder that counts."""
    bodies = {file.name: (real_mnist / file.name) for file in MNIST_FILES}
    if not all(path.exists() for path in bodies.values()):
        pytest.skip("MNIST is here unpacked only")
    mirror = start(bodies={name: path.read_bytes() for name, path in bodies.items()})
    folder = fetch_mnist(tmp_path / "mnist", mirrors=[mirror.url])
    assert find_mnist(folder) == folder
