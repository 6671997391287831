"""Read the files of MNIST. Task: README.md in this folder. Run `grade run idx-files`."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def load_idx(path: str | Path) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes, plain or compressed with gzip.

    path: the file. A compressed file begins with the bytes 0x1F 0x8B, and its name ends in .gz.

    Returns a uint8 array that the caller may change. Magic number 0x00000803 gives images of shape (N, rows, columns),
    0x00000801 gives labels of shape (N,); the sizes stand in the header, and N may be 0.
    Raises ValueError if the magic number is another one (an element type other than 0x08 included), if the header is
    cut short, or if there are fewer or more data bytes than the header says.
    """
    raise NotImplementedError  # begin with a plain file: all its bytes, then the first four of them


def prepare_images(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn images of bytes into input for a network: one row of numbers from 0 to 1 for each image.

    images: uint8, shape (N, rows, columns), or (rows, columns) for one image. Not changed.

    Returns float32 of shape (N, rows * columns), or (rows * columns,) for one image, row after row of the image.
    0 becomes 0.0 and 255 becomes 1.0, whatever else is in the batch. (0, rows, columns) gives (0, rows * columns).
    Raises ValueError if the dtype is not uint8, or if images has neither two nor three axes.
    """
    raise NotImplementedError
