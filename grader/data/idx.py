"""Read IDX files, the format of MNIST. Runs in: every trusted process.

An IDX file is: two zero bytes, a type code (0x08: unsigned byte), the number of dimensions, each dimension as a
big-endian uint32, then the values with the last dimension changing fastest. Source: http://yann.lecun.com/exdb/mnist/.
"""

import gzip
import math
import stat
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from grader.errors import DataError

START_BYTES = 4
UNSIGNED_BYTE = 0x08
MAX_DIMENSIONS = 8
MAX_BYTES = 256 * 1024 * 1024  # five times the largest MNIST file; a header that says more is damaged
CHUNK = 1024 * 1024
GZIP_MARK = b"\x1f\x8b"


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The values of the IDX file at `path`, gzip-packed or not, as a new writable uint8 array of the header's shape.

    Raises DataError where the file is missing, not a regular file, cut off, too long or not an IDX file of bytes.
    """
    try:
        # Asked before opening: opening a pipe would wait for a writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{path}: not a regular file; give the path of an IDX file")
        with path.open("rb") as file:
            return decode_idx(file, str(path))
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        raise DataError(f"{path}: cannot be read ({error}); check the path and its permissions") from error


def decode_idx(file: BinaryIO, name: str) -> NDArray[np.uint8]:
    """As `read_idx`, from an open seekable binary file; `name` is what errors call it."""
    packed = file.read(len(GZIP_MARK)) == GZIP_MARK
    file.seek(0)
    if not packed:
        return _decode(file, name)
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            return _decode(cast(BinaryIO, unpacked), name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{name}: damaged gzip file ({error}); get the file anew") from error


def _decode(stream: BinaryIO, name: str) -> NDArray[np.uint8]:
    shape = _shape(stream, name)
    count = math.prod(shape)
    # One byte more than promised shows that the file goes on, without reading the rest of it.
    values = bytearray()
    while chunk := stream.read(min(CHUNK, count + 1 - len(values))):
        values += chunk
    if len(values) != count:
        found = f"only {len(values):,}" if len(values) < count else "more"
        raise DataError(f"{name}: its header {shape} promises {count:,} values, it has {found}; get the file anew")
    return np.frombuffer(values, dtype=np.uint8).reshape(shape)  # a bytearray is writable, and nobody else holds it


def _shape(stream: BinaryIO, name: str) -> tuple[int, ...]:
    start = stream.read(START_BYTES)
    if len(start) < START_BYTES or start[:2] != b"\0\0":
        raise DataError(f"{name}: begins with {start.hex(' ') or 'nothing'}, not with 00 00; give an IDX file")
    code, dimensions = start[2], start[3]
    if code != UNSIGNED_BYTE:
        raise DataError(f"{name}: type code 0x{code:02x}; only 0x08 (unsigned byte) is read")
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise DataError(f"{name}: {dimensions} dimensions; only 1 to {MAX_DIMENSIONS} are read")
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError(f"{name}: ends within its header; get the file anew")
    shape = struct.unpack(f">{dimensions}I", sizes)
    # NumPy refuses a shape whose other sizes are huge even where one size is 0, so 0 counts as 1 here.
    if math.prod(max(size, 1) for size in shape) > MAX_BYTES:
        raise DataError(f"{name}: the header {shape} promises more than {MAX_BYTES:,} values; get the file anew")
    return shape
