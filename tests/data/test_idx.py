"""Reading IDX files, and refusing everything else."""

import gzip
import io
import os
import random
from contextlib import suppress
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.data.idx import decode_idx, read_idx
from grader.data.make_digits import idx_bytes
from grader.errors import DataError

IMAGES = idx_bytes(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
shapes = st.lists(st.integers(0, 5), min_size=1, max_size=4)


@st.composite
def values(draw: st.DrawFn) -> NDArray[np.uint8]:
    """Any small uint8 array of one to four dimensions."""
    shape = draw(shapes)
    content = draw(st.binary(min_size=prod(shape), max_size=prod(shape)))
    return np.frombuffer(content, np.uint8).reshape(shape)


def read_or_refuse(data: bytes) -> None:
    """Decode `data`; any error but DataError fails the test."""
    with suppress(DataError):
        assert decode_idx(io.BytesIO(data), "x").dtype == np.uint8


def test_the_bytes_of_a_small_file_by_hand(tmp_path: Path) -> None:
    """Magic 00 00 08 02, sizes 2 and 3 as big-endian uint32, then six values row by row."""
    path = tmp_path / "small"
    path.write_bytes(bytes.fromhex("00000802 00000002 00000003 0a0b0c 0d0eff"))
    assert read_idx(path).tolist() == [[10, 11, 12], [13, 14, 255]]


@given(values(), st.booleans())
def test_written_file_reads_back(
    tmp_path_factory: pytest.TempPathFactory, array: NDArray[np.uint8], packed: bool
) -> None:
    """Shape and values survive, packed or not; the result is a writable array of its own."""
    path = tmp_path_factory.getbasetemp() / "round-trip"
    path.write_bytes(gzip.compress(idx_bytes(array)) if packed else idx_bytes(array))
    result = read_idx(path)
    assert result.dtype == np.uint8
    assert result.flags.writeable
    np.testing.assert_array_equal(result, array, strict=True)


@given(values(), st.booleans(), st.data())
def test_cut_file_is_refused(array: NDArray[np.uint8], packed: bool, data: st.DataObject) -> None:
    """No beginning of a file passes for the whole."""
    whole = gzip.compress(idx_bytes(array)) if packed else idx_bytes(array)
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(DataError):
        decode_idx(io.BytesIO(part), "x")


@given(values(), st.booleans(), st.binary(min_size=1, max_size=9))
def test_extended_file_is_refused(array: NDArray[np.uint8], packed: bool, more: bytes) -> None:
    """Bytes beyond what the header promises are not ignored."""
    longer = idx_bytes(array) + more
    with pytest.raises(DataError, match="it has more"):
        decode_idx(io.BytesIO(gzip.compress(longer) if packed else longer), "x")


@given(st.integers(0, 16 * 8 - 1), st.booleans())
def test_flipped_header_bit_raises_nothing_but_data_error(bit: int, packed: bool) -> None:
    """Each single bit of the header may be wrong; every one of them is noticed."""
    flipped = bytearray(IMAGES)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DataError):
        decode_idx(io.BytesIO(gzip.compress(flipped) if packed else bytes(flipped)), "x")


@given(st.data())
def test_damaged_packed_file_raises_nothing_but_data_error(data: st.DataObject) -> None:
    """Whatever byte of a packed file is wrong, gzip's own errors don't come through."""
    packed = bytearray(gzip.compress(IMAGES, mtime=0))
    packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(packed))


@given(st.binary(max_size=40), st.sampled_from([b"", b"\x1f\x8b", b"\x1f\x8b\x08", b"\0\0\x08", b"\0\0\x08\x03"]))
def test_any_bytes_raise_nothing_but_data_error(content: bytes, start: bytes) -> None:
    """Not even bytes that begin like a packed or an IDX file."""
    read_or_refuse(start + content)


def test_huge_promise_is_refused_before_reading(tmp_path: Path) -> None:
    """A header of 4,294,967,295 squared values costs nothing, even where another size is 0."""
    path = tmp_path / "huge"
    path.write_bytes(bytes.fromhex("00000803 00000000 ffffffff ffffffff"))
    with pytest.raises(DataError, match="promises more than 268,435,456 values"):
        read_idx(path)


def test_packed_flood_is_not_unpacked() -> None:
    """A packed file that goes on far beyond its header is refused without unpacking the rest."""
    flood = random.Random(0).randbytes(2_000_000)  # it packs into as much
    stream = io.BytesIO(gzip.compress(idx_bytes(np.zeros(3, np.uint8)) + flood, compresslevel=1))
    with pytest.raises(DataError, match="it has more"):
        decode_idx(stream, "flood")
    assert stream.tell() < len(stream.getvalue()) / 2


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("00000d01 00000001 00", "type code 0x0d; only 0x08"),
        ("00000800", "0 dimensions; only 1 to 8"),
        ("00000809", "9 dimensions; only 1 to 8"),
        ("89504e47", "begins with 89 50 4e 47, not with 00 00"),
        ("", "begins with nothing"),
        ("00000802 00000002", "ends within its header"),
    ],
)
def test_refusal_names_file_value_and_remedy(tmp_path: Path, start: str, told: str) -> None:
    """Each kind of wrong header has its own sentence, beginning with the path."""
    path = tmp_path / "wrong"
    path.write_bytes(bytes.fromhex(start))
    with pytest.raises(DataError, match=told) as caught:
        read_idx(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_missing_file_is_a_data_error(tmp_path: Path) -> None:
    """A wrong path is named."""
    with pytest.raises(DataError, match="nowhere: cannot be read"):
        read_idx(tmp_path / "nowhere")


def test_folder_is_not_read(tmp_path: Path) -> None:
    """A folder is told as such."""
    with pytest.raises(DataError, match="not a regular file"):
        read_idx(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_does_not_block(tmp_path: Path) -> None:
    """A named pipe without a writer is refused at once."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="not a regular file"):
        read_idx(tmp_path / "pipe")
