"""Network arithmetic. Task: README.md in this folder. Run `grade run network-arithmetic`."""

from collections.abc import Sequence


def count_parameters(layer_sizes: Sequence[int]) -> int:
    """How many weights and biases a fully connected network has.

    layer_sizes: the number of units in each layer, the inputs first, e.g. [32, 64, 256, 5]; each 1 or more.
    Returns a Python int.
    Raises ValueError: fewer than two sizes, a size below 1, a size that is not whole, such as 2.5.
    Here and below, integers of NumPy are as welcome as those of Python, also small ones such as uint8.
    """
    raise NotImplementedError


def conv_output_size(size: int, kernel: int, stride: int = 1, pad: int = 0) -> int:
    """In how many places a kernel fits along one side of a padded image.

    size: pixels along that side. kernel: pixels of the kernel along it. stride: by how many pixels the kernel
    moves on. pad: pixels added at each of the two ends. All whole; pad 0 or more, the others 1 or more.
    The kernel never hangs over the end. Returns a Python int.
    Raises ValueError: a number below its minimum or not whole, a kernel larger than the padded side.
    """
    raise NotImplementedError


def iterations_per_epoch(num_samples: int, batch_size: int, drop_last: bool = False) -> int:
    """How many mini-batches, and so updates, one pass over all samples takes.

    num_samples, batch_size: whole, 1 or more. drop_last: leave out a last mini-batch that is not full;
    otherwise it is one iteration like the others.
    Returns a Python int; with drop_last it may be 0.
    Raises ValueError: a number below 1 or not whole.
    """
    raise NotImplementedError


def total_iterations(num_samples: int, batch_size: int, epochs: int) -> int:
    """How many updates a training run of several epochs makes; no mini-batch is left out.

    num_samples, batch_size, epochs: whole, 1 or more. Each epoch begins with a new mini-batch.
    Returns a Python int.
    Raises ValueError: a number below 1 or not whole.
    """
    raise NotImplementedError
