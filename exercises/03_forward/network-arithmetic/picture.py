"""The picture of network-arithmetic. Runs in: checks."""

import numpy as np
from network_arithmetic import conv_output_size, count_parameters, iterations_per_epoch, total_iterations

from grader.asking import ask_each
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, bars, figure, level, path, plane

NETWORKS = ([2, 1], [2, 2, 1], [4, 3, 2], [2, 6, 2])
SIZES = np.arange(3, 13)
BATCHES = np.arange(1, 13)
EPOCHS = np.arange(1, 7)


def picture() -> Figure:
    """Each count beside the right one, where it is small enough to count by hand."""
    return figure(
        "Your counts",
        parameters(),
        places(),
        iterations(),
        updates(),
        alt="Four planes with your counts and the right ones. Parameters: bars of 3, 9, 23 and 32. Places of a kernel:"
        " stairs that rise by 1 for every 2 pixels, from 2 to 6. Mini-batches: stairs that fall from 10 through 5, 4, 3"
        " and 2 to 1; the lower line leaves out a last batch that is not full. Updates: a straight line from 3 to 18.",
        caption="A forgotten bias, border or last batch is a line beside the dashed one.",
    )


def parameters() -> Panel:
    """Bars for four networks, named by their layers."""
    right = reference("network-arithmetic").count_parameters
    return bars(
        "Parameters of small networks",
        ["-".join(map(str, sizes)) for sizes in NETWORKS],
        level("yours", ask_each(count_parameters, NETWORKS)),
        level("right", [right(sizes) for sizes in NETWORKS], RIGHT),
        x_label="units in each layer",
        y_range=(0, 40),
    )


def places() -> Panel:
    """Output sizes of a kernel of 3 with stride 2 and padding 1."""
    right = reference("network-arithmetic").conv_output_size
    return plane(
        "Places of a kernel: 3 wide, stride 2, pad 1",
        path("yours", SIZES, ask_each(conv_output_size, [(size, 3, 2, 1) for size in SIZES.tolist()])),
        path("right", SIZES, [right(size, 3, 2, 1) for size in SIZES.tolist()], RIGHT),
        x_label="pixels of the side",
        y_range=(0, 8),
    )


def iterations() -> Panel:
    """Mini-batches of ten samples, with and without the last one that is not full."""
    right = reference("network-arithmetic").iterations_per_epoch
    sizes = BATCHES.tolist()
    return plane(
        "Mini-batches of 10 samples",
        path("yours", BATCHES, ask_each(iterations_per_epoch, [(10, size) for size in sizes])),
        path("yours, drop_last", BATCHES, ask_each(iterations_per_epoch, [(10, size, True) for size in sizes])),
        path("right", BATCHES, [right(10, size) for size in sizes], RIGHT),
        path("right", BATCHES, [right(10, size, True) for size in sizes], RIGHT),
        x_label="batch size",
        y_range=(-0.5, 12),
    )


def updates() -> Panel:
    """Updates of nine samples in batches of four."""
    right = reference("network-arithmetic").total_iterations
    return plane(
        "Updates: 9 samples by 4",
        path("yours", EPOCHS, ask_each(total_iterations, [(9, 4, epochs) for epochs in EPOCHS.tolist()])),
        path("right", EPOCHS, [right(9, 4, epochs) for epochs in EPOCHS.tolist()], RIGHT),
        x_label="epochs",
        y_range=(0, 25),
    )
