"""Make the embedded digits from scikit-learn's copy of them: `python -m grader.data.make_digits`. Runs in: a shell.

Needs scikit-learn, which the package itself does not. Two runs write the same bytes with the same zlib.
"""

import argparse
import gzip
import struct
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.data.digits import FILES, IMAGES, INK, LABELS
from grader.data.idx import UNSIGNED_BYTE


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    """`values` as an unpacked IDX file."""
    header = struct.pack(f">HBB{values.ndim}I", 0, UNSIGNED_BYTE, values.ndim, *values.shape)
    return header + np.ascontiguousarray(values).tobytes()


def exact_bytes(values: NDArray[np.float64], limit: int) -> NDArray[np.uint8]:
    """`values` as uint8; ValueError where one of them is not an integer from 0 to `limit`."""
    whole = values.astype(np.uint8)
    if not np.array_equal(whole, values) or np.max(whole) > limit:
        raise ValueError(f"scikit-learn's digits: values other than the integers 0 to {limit}; see what changed there")
    return whole


def main() -> None:
    """Write both files into `--folder`, the package's own by default."""
    parser = argparse.ArgumentParser(description="Make the embedded digits from scikit-learn's load_digits.")
    parser.add_argument("--folder", type=Path, default=FILES, help="where to write (default: into the package)")
    folder: Path = parser.parse_args().folder
    digits = import_module("sklearn.datasets").load_digits()
    folder.mkdir(parents=True, exist_ok=True)
    for path, values in ((IMAGES, exact_bytes(digits.images, INK)), (LABELS, exact_bytes(digits.target, 9))):
        packed = gzip.compress(idx_bytes(values), compresslevel=9, mtime=0)
        (folder / path.name).write_bytes(packed)
        print(f"{folder / path.name}: {len(packed):,} bytes, {values.shape}")


if __name__ == "__main__":
    main()
