"""The picture of idx-files. Runs in: checks."""

import struct

import numpy as np
from idx_files import load_idx, prepare_images
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import give_file, reference
from grader.data import load_digits, upsample
from grader.pictures import RIGHT, Figure, figure, images, line, plane

COUNT = 6


def picture() -> Figure:
    """Digits as they come out of a file, and a faint one as a row of inputs."""
    small, labels = load_digits()
    digits = upsample(small[:COUNT])[:, :, 4:24]  # 28 rows, 20 columns
    loaded = ask(load_idx, give_file("digits", idx_bytes(digits)))
    sideways = getattr(loaded.value, "shape", ()) == (COUNT, 20, 28)
    named = ask(load_idx, give_file("labels", idx_bytes(labels[:COUNT]))).numbers(COUNT)
    faint = small[0] * np.uint8(8)  # 0 to 128
    return figure(
        "Your digits",
        images(
            "Read from a file",
            list(loaded.numbers(COUNT, *((20, 28) if sideways else (28, 20)))),
            [f"{label:g}" if np.isfinite(label) else "?" for label in named],
        ),
        plane(
            "A faint digit as input",
            line("yours", range(64), ask(prepare_images, faint).numbers(64)),
            line("right", range(64), reference("idx-files").prepare_images(faint), RIGHT),
            x_label="pixel, row after row",
            y_range=(-0.1, 1.1),
        ),
        alt="Left, the digits 0 to 5 as your load_idx reads them, upright and narrow, each with its label below."
        " Right, the 64 pixels of a faint 0 in a row, as your prepare_images scales them, over the right ones: hills of"
        " at most 0.5 with flat zeros between them.",
        caption="A file is bytes and nothing else: only the header says where a row ends and where an image.",
    )


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    """An IDX file of these bytes."""
    return struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()
