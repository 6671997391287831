"""The header as numbers, the rest as one array that is checked against it; pixels by a table of 256 quotients."""

import gzip

import numpy as np

QUOTIENTS = (np.arange(256) / 255).astype(np.float32)


def load_idx(path):
    with open(path, "rb") as file:
        raw = file.read()
    if raw.startswith(b"\x1f\x8b"):
        raw = gzip.decompress(raw)
    numbers = {0x801: 1, 0x803: 3}
    magic = int.from_bytes(raw[:4], "big")
    if len(raw) < 4 or magic not in numbers:
        raise ValueError(f"magic number {magic}")
    count = numbers[magic]
    header, data = raw[4 : 4 + 4 * count], raw[4 + 4 * count :]
    if len(header) != 4 * count:
        raise ValueError("short header")
    shape = [int.from_bytes(header[i : i + 4], "big") for i in range(0, 4 * count, 4)]
    values = np.frombuffer(data, np.uint8)
    expected = int(np.prod(shape, dtype=object))
    if values.size != expected:
        raise ValueError(f"{values.size} values, {expected} expected")
    return values.copy().reshape(shape)


def prepare_images(images):
    if images.dtype != np.uint8:
        raise ValueError("pixels from 0 to 255")
    if images.ndim == 2:
        return QUOTIENTS[images].reshape(-1)
    if images.ndim == 3:
        return QUOTIENTS[images].reshape(len(images), int(np.prod(images.shape[1:])))
    raise ValueError("two or three axes")
