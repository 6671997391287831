"""Read the files of MNIST: the reference."""

import gzip
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GZIP_MAGIC = b"\x1f\x8b"
LABELS_MAGIC = b"\x00\x00\x08\x01"
IMAGES_MAGIC = b"\x00\x00\x08\x03"


def load_idx(path: str | Path) -> NDArray[np.uint8]:
    """The uint8 array of an IDX file, plain or .gz: images (N, rows, columns) or labels (N,), writable.

    Raises ValueError for another magic number or element type, a header cut short, too few or too many data bytes.
    """
    raw = Path(path).read_bytes()
    if raw[:2] == GZIP_MAGIC:
        raw = gzip.decompress(raw)
    magic = raw[:4]
    if magic not in (LABELS_MAGIC, IMAGES_MAGIC):
        raise ValueError(f"{path}: magic number 0x{magic.hex()}; expected 0x00000801 (labels) or 0x00000803 (images)")
    dimensions = magic[3]
    start = 4 + 4 * dimensions
    if len(raw) < start:
        raise ValueError(f"{path}: ends within the header, after {len(raw)} of {start} bytes")
    sizes = [int(size) for size in np.frombuffer(raw, dtype=">u4", count=dimensions, offset=4)]
    count = math.prod(sizes)
    if len(raw) - start != count:
        raise ValueError(f"{path}: {len(raw) - start} data bytes; the header says {count}")
    return np.frombuffer(raw, dtype=np.uint8, count=count, offset=start).reshape(sizes).copy()


def prepare_images(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Images (N, rows, columns) or (rows, columns) as float32 rows pixel / 255: (N, rows * columns) or that of one.

    Raises ValueError if the dtype is not uint8, or if images has neither two nor three axes.
    """
    if images.dtype != np.uint8:
        raise ValueError(f"images of dtype {images.dtype}; expected uint8 pixels from 0 to 255")
    if images.ndim not in (2, 3):
        raise ValueError(f"images of shape {images.shape}; expected (N, rows, columns) or (rows, columns)")
    rows, columns = images.shape[-2:]
    pixels = images.reshape(*images.shape[:-2], rows * columns)
    return pixels.astype(np.float32) / np.float32(255)
