"""The embedded digits: 1,797 real handwritten digits, always there. Runs in: every trusted process.

Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998
(see NOTICE). The files are made by `grader.data.make_digits`.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.data.idx import read_idx

FILES = Path(__file__).parent / "files"
IMAGES = FILES / "optdigits-images-idx3-ubyte.gz"
LABELS = FILES / "optdigits-labels-idx1-ubyte.gz"

SMALL = 8  # pixels per side of an embedded digit
INK = 16  # its darkest value
INNER = 20  # pixels per side after upsampling; MNIST digits fill 20x20 ...
MARGIN = 4  # ... within a margin of 4, which makes 28x28


def load_digits() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images uint8 (1797, 8, 8), 0 is paper and 16 is ink, and labels uint8 (1797,) from 0 to 9; new arrays each time.

    The order is the one of the source, roughly by writer: split by position, not at random, for an honest test part.
    """
    return read_idx(IMAGES), read_idx(LABELS)


def upsample(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Embedded digits (N, 8, 8) with values 0..16 as MNIST-like images: uint8 (N, 28, 28) with values 0..255.

    Bilinear to 20x20 between pixel centres, then a margin of 4. Raises ValueError for another shape, another dtype or
    values above 16.
    """
    if images.shape[1:] != (SMALL, SMALL) or images.dtype != np.uint8:
        raise ValueError(f"images: {images.dtype} {images.shape}; use uint8 (N, {SMALL}, {SMALL})")
    if images.size and np.max(images) > INK:
        raise ValueError(f"images: value {np.max(images)}; use 0 to {INK}")
    # In tenths of a small pixel, and all in integers, so that every machine rounds alike: the centre of new pixel i
    # lies at (i + 0.5) * 8 / 20 - 0.5 = (4 i - 3) / 10. The weight of small pixel j falls from 1 to 0 within one pixel.
    centres = np.clip(4 * np.arange(INNER) - 3, 0, 10 * (SMALL - 1))
    spread = np.maximum(0, 10 - np.abs(centres[:, None] - 10 * np.arange(SMALL)))  # (20, 8), each row sums to 10
    whole = 100 * INK
    inner = (spread @ images.astype(np.int64) @ spread.T * 255 + whole // 2) // whole
    return np.pad(inner.astype(np.uint8), ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
