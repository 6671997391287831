"""Fetch MNIST from its public mirrors into a folder. Runs in: command line.

pooch does what is easy to get wrong: a temporary name until the SHA-256 is right, then a rename. So a transfer that
breaks off, or is interrupted, leaves nothing under a file's own name.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pooch
import requests

from grader.data.where import MNIST_FILES, KnownFile, advice
from grader.errors import DataError
from grader.language import _

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
CONNECT_SECONDS = 10
READ_SECONDS = 30  # between two pieces, not for the whole file
CHUNK = 64 * 1024

Progress = Callable[[str, int, int], None]


def fetch_mnist(
    folder: Path,
    progress: Progress | None = None,
    *,
    mirrors: Sequence[str] = MIRRORS,
    files: Sequence[KnownFile] = MNIST_FILES,
) -> Path:
    """Put the packed MNIST `files` into `folder`, made if need be, and return it as an absolute path.

    A file that is already there with the right SHA-256 is kept; another file of that name is replaced once the right
    one has arrived. `progress(name, done, total)` is called in bytes; the last call for a file has done == total.
    The mirrors are tried in turn for each file. Raises DataError where none serves it, or the folder can't be written.
    """
    # The command line does the talking: pooch would announce each file on standard error.
    pooch.get_logger().setLevel(logging.ERROR)
    folder = folder.expanduser().absolute()
    for file in files:
        _fetch(file, folder, progress or _silent, mirrors)
    return folder


def _fetch(file: KnownFile, folder: Path, progress: Progress, mirrors: Sequence[str]) -> None:
    def download(url: str, output: str, _pooch: object) -> None:
        _download(url, Path(output), file, progress)

    failures: list[str] = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.name}"
        try:
            pooch.retrieve(url, f"sha256:{file.packed.sha256}", fname=file.name, path=folder, downloader=download)
        except (requests.RequestException, ValueError) as error:
            failures.append(f"{url}: {_reason(error)}")
        except OSError as error:
            said = _("{file}: cannot be written ({reason}); name another folder")
            raise DataError(said.format(file=folder / file.name, reason=error)) from error
        else:
            progress(file.name, file.packed.bytes, file.packed.bytes)
            return
    said = _("{file} could not be fetched. Tried {places}. {advice}")
    raise DataError(said.format(file=file.name, places="; ".join(failures) or _("no mirror"), advice=advice(folder)))


def _download(url: str, output: Path, file: KnownFile, progress: Progress) -> None:
    """Write what `url` serves to `output`. ValueError as soon as it is longer than `file`: disks are finite."""
    # Identity: the files are packed already, and unpacking on the way would change their SHA-256.
    headers = {"Accept-Encoding": "identity"}
    with (
        requests.get(url, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS), headers=headers) as response,
        output.open("wb") as target,
    ):
        response.raise_for_status()
        done = 0
        for chunk in response.iter_content(CHUNK):
            done += len(chunk)
            if done > file.packed.bytes:
                raise ValueError(f"more than {file.packed.bytes} bytes")
            target.write(chunk)
            progress(file.name, done, file.packed.bytes)


def _reason(error: requests.RequestException | ValueError) -> str:
    """One mirror's failure in a few words; requests' own texts run over several lines."""
    match error:
        case requests.HTTPError(response=requests.Response(status_code=code)):
            return _("answered {code}").format(code=code)
        case requests.Timeout():
            return _("no answer in time")
        case requests.exceptions.ChunkedEncodingError():
            return _("the transfer broke off")
        case requests.ConnectionError():
            return _("no connection")
        case requests.RequestException():
            return type(error).__name__
        case _:
            return _("sent another file (its length or SHA-256 is not the published one)")


def _silent(name: str, done: int, total: int) -> None:
    """Progress for nobody."""
