"""Load MNIST from the person's own copy of the four files. Runs in: every trusted process."""

import hashlib
import io
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from grader.data.idx import decode_idx
from grader.data.where import (
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    KnownFile,
    advice,
    find_mnist,
    places,
    status,
    variant_in,
)
from grader.errors import DataError
from grader.language import _

Part = Literal["train", "test"]
Pair = tuple[NDArray[np.uint8], NDArray[np.uint8]]

_FILES: dict[str, tuple[KnownFile, KnownFile]] = {
    "train": (TRAIN_IMAGES, TRAIN_LABELS),
    "test": (TEST_IMAGES, TEST_LABELS),
}


def load_mnist(part: Part, folder: Path | None = None, *, user: Path | None = None) -> Pair:
    """Images uint8 (N, 28, 28), 0 is paper and 255 is ink, and labels uint8 (N,) from 0 to 9; N is 60,000 or 10,000.

    The folder is the one that `find_mnist(folder, user=user)` finds. Size and SHA-256 of each file are checked before
    use. Read once per process and shared, therefore read-only: copy before writing. Raises DataError where MNIST is
    not to be found or not the published one.
    """
    if part not in _FILES:
        raise ValueError(f"part = {part!r}; use 'train' or 'test'")
    found = find_mnist(folder, user=user)
    if found is None:
        looked = ". ".join(each.sentence for each in status(folder, user=user))
        said = _("MNIST is not here. Looked in: {places}. {advice}")
        raise DataError(said.format(places=looked, advice=advice(places(folder, user=user)[0][1])))
    return _load(part, found.resolve())


@cache
def _load(part: str, folder: Path) -> Pair:
    images, labels = (_read(folder, file) for file in _FILES[part])
    return images, labels


def _read(folder: Path, file: KnownFile) -> NDArray[np.uint8]:
    found = variant_in(folder, file)
    if found is None:
        said = _("{file}: was here a moment ago and is gone; do not change the folder meanwhile")
        raise DataError(said.format(file=folder / file.name))
    path, contents = found
    try:
        data = path.read_bytes()
    except OSError as error:
        said = _("{file}: cannot be read ({reason}); check its permissions")
        raise DataError(said.format(file=path, reason=error)) from error
    # The bytes that were checked are the bytes that are used: the file is not opened a second time.
    digest = hashlib.sha256(data).hexdigest()
    if digest != contents.sha256:
        said = _("{file}: SHA-256 is {found}, not {right}; the file is damaged or another one, get it anew")
        raise DataError(said.format(file=path, found=digest, right=contents.sha256))
    values = decode_idx(io.BytesIO(data), str(path))
    values.flags.writeable = False
    return values
