"""Where the four MNIST files may be, and what is there. Runs in: every trusted process.

Looks at names and sizes only, so it is quick and imports neither numpy nor pooch. `load_mnist` checks the contents.
"""

import os
import stat
from enum import StrEnum
from pathlib import Path

import platformdirs
from msgspec import Struct

from grader.language import N_, _

VARIABLE = "NEUROGRADE_DATA"


class Contents(Struct, frozen=True):
    """What a file must hold: its length and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


class KnownFile(Struct, frozen=True):
    """One of the MNIST files, as published (`.gz`) and unpacked (the same name without `.gz`)."""

    name: str  # as published: "train-images-idx3-ubyte.gz"
    packed: Contents
    unpacked: Contents

    @property
    def variants(self) -> tuple[tuple[str, Contents], ...]:
        """The names it may have, each with what it must hold; the published one first."""
        return (self.name, self.packed), (self.name.removesuffix(".gz"), self.unpacked)


TRAIN_IMAGES = KnownFile(
    "train-images-idx3-ubyte.gz",
    Contents(9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    Contents(47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
)
TRAIN_LABELS = KnownFile(
    "train-labels-idx1-ubyte.gz",
    Contents(28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    Contents(60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
)
TEST_IMAGES = KnownFile(
    "t10k-images-idx3-ubyte.gz",
    Contents(1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
    Contents(7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
)
TEST_LABELS = KnownFile(
    "t10k-labels-idx1-ubyte.gz",
    Contents(4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    Contents(10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)
MNIST_FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


class Source(StrEnum):
    """Why a folder is looked at."""

    GIVEN = N_("given folder")
    VARIABLE = VARIABLE
    USER = N_("your data folder")


class FolderStatus(Struct, frozen=True):
    """What one folder holds of the four files. Each file is in exactly one of the three tuples."""

    folder: Path
    source: Source
    present: tuple[str, ...]  # names found with the right size
    missing: tuple[str, ...]  # published names of files that are not there
    wrong: tuple[str, ...]  # one sentence per file that is there but cannot be used

    @property
    def complete(self) -> bool:
        return not self.missing and not self.wrong

    @property
    def sentence(self) -> str:
        """The folder in one line, for a report or an error."""
        if self.complete:
            said = _("{folder} ({source}): all four MNIST files, sizes right")
            return said.format(folder=self.folder, source=_(self.source))
        missing = [_("missing {files}").format(files=", ".join(self.missing))] if self.missing else []
        return f"{self.folder} ({_(self.source)}): {'; '.join([*self.wrong, *missing])}"


def user_folder() -> Path:
    """The folder of this person's account where fetched MNIST files live."""
    return platformdirs.user_data_path("neurograde") / "mnist"


def places(folder: Path | None = None, *, user: Path | None = None) -> tuple[tuple[Source, Path], ...]:
    """The folders to look at, first come first: `folder`, the one NEUROGRADE_DATA names, the user's own (or `user`)."""
    found = [] if folder is None else [(Source.GIVEN, folder.expanduser())]
    named = os.environ.get(VARIABLE, "")
    if named:
        found.append((Source.VARIABLE, Path(named).expanduser()))
    return (*found, (Source.USER, user_folder() if user is None else user))


def status(folder: Path | None = None, *, user: Path | None = None) -> tuple[FolderStatus, ...]:
    """What is in each of `places(folder)`, in that order. A folder that is not there has all four files missing."""
    return tuple(_look(source, path) for source, path in places(folder, user=user))


def find_mnist(folder: Path | None = None, *, user: Path | None = None) -> Path | None:
    """The first of `places(folder)` with all four files (`.gz` or unpacked) of the right size, or None."""
    found = places(folder, user=user)
    return next((path for _, path in found if all(variant_in(path, file) for file in MNIST_FILES)), None)


def variant_in(folder: Path, file: KnownFile) -> tuple[Path, Contents] | None:
    """The path of `file` in `folder` and what it must hold: the first variant of the right size, or None."""
    for name, contents in file.variants:
        if _size(folder / name) == contents.bytes:
            return folder / name, contents
    return None


def advice(folder: Path) -> str:
    """How to get MNIST without fetching: the four names with their sizes, and the two ways to say where they are."""
    size = _("{file} ({count} bytes)")
    names = ", ".join(size.format(file=file.name, count=f"{file.packed.bytes:,}") for file in MNIST_FILES)
    said = _(
        "Put these four files, packed or unpacked, into {folder}: {files};"
        " or set the environment variable {variable} to a folder that has them."
    )
    return said.format(folder=folder, files=names, variable=VARIABLE)


def _look(source: Source, folder: Path) -> FolderStatus:
    present: list[str] = []
    missing: list[str] = []
    wrong: list[str] = []
    for file in MNIST_FILES:
        found = variant_in(folder, file)
        faults = [fault for name, contents in file.variants if (fault := _fault(folder / name, contents))]
        if found:
            present.append(found[0].name)
        elif faults:
            wrong.append("; ".join(faults))
        else:
            missing.append(file.name)
    return FolderStatus(folder, source, tuple(present), tuple(missing), tuple(wrong))


def _fault(path: Path, contents: Contents) -> str:
    """Why the file at `path` cannot be used; empty where there is none, or where its size is right."""
    size = _size(path)
    if size == contents.bytes or not os.path.lexists(path):
        return ""
    if size is None:
        return _("{file} cannot be read as a file").format(file=path.name)
    said = _("{file} has {size} bytes, not {right}")
    return said.format(file=path.name, size=f"{size:,}", right=f"{contents.bytes:,}")


def _size(path: Path) -> int | None:
    """The length of the regular, readable file at `path`; None for anything else (a pipe would block the reader)."""
    try:
        facts = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL character in the name
        return None
    return facts.st_size if stat.S_ISREG(facts.st_mode) and os.access(path, os.R_OK) else None
