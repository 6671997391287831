"""Read piece by piece through gzip.open and struct, as a stream."""

import gzip
import io
import struct

import numpy as np


def load_idx(path):
    with open(path, "rb") as file:
        start = file.read(2)
    opened = gzip.open(path, "rb") if start == b"\x1f\x8b" else open(path, "rb")
    with opened as file:
        stream = io.BytesIO(file.read())
    head = stream.read(4)
    if len(head) < 4:
        raise ValueError("no header")
    zeros, kind, dimensions = struct.unpack(">HBB", head)
    if zeros != 0 or kind != 8 or dimensions not in (1, 3):
        raise ValueError("not an IDX file of bytes")
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise ValueError("header cut short")
    shape = struct.unpack(f">{dimensions}I", sizes)
    data = stream.read()
    total = 1
    for size in shape:
        total *= size
    if len(data) != total:
        raise ValueError("wrong number of bytes")
    return np.array(bytearray(data), dtype=np.uint8).reshape(shape)


def prepare_images(images):
    if images.dtype != np.uint8 or images.ndim not in (2, 3):
        raise ValueError("uint8 images are expected")
    flat = images.ravel() if images.ndim == 2 else images.reshape(images.shape[0], images.shape[1] * images.shape[2])
    return np.divide(flat, 255, dtype=np.float32)
