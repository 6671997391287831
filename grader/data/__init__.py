"""The data of the course: embedded digits, own weights, and MNIST where it is. Runs in: every trusted process.

The names are loaded on first use, so that `grader.data.where` costs neither numpy nor pooch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.data.digits import load_digits, upsample
    from grader.data.fetch import fetch_mnist
    from grader.data.idx import read_idx
    from grader.data.mnist import load_mnist
    from grader.data.weights import load_weights
    from grader.data.where import find_mnist, status

__all__ = ["fetch_mnist", "find_mnist", "load_digits", "load_mnist", "load_weights", "read_idx", "status", "upsample"]

_HOME = {
    "fetch_mnist": "fetch",
    "find_mnist": "where",
    "load_digits": "digits",
    "load_mnist": "mnist",
    "load_weights": "weights",
    "read_idx": "idx",
    "status": "where",
    "upsample": "digits",
}


def __getattr__(name: str) -> object:
    """Import the module that has `name`, and keep the value for the next time."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
