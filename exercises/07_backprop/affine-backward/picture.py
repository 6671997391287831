"""The picture of affine-backward. Runs in: checks."""

import numpy as np
from affine_backward import affine_backward
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import Figure, Panel, figure, matrix

# As many samples as inputs and units: what is transposed or swapped raises no error, but is seen.
DOUT = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 0.0], [-2.0, 1.0, 3.0]])
X = np.array([[2.0, 1.0, 0.0], [-1.0, 0.0, 3.0], [1.0, 0.0, 1.0]])
W = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0], [2.0, 0.0, 1.0]])


def picture() -> Figure:
    """All three gradients of a square layer beside the right ones."""
    answer = ask(affine_backward, DOUT, X, W)
    dx, dW, db = answer.item(0).numbers(3, 3), answer.item(1).numbers(3, 3), answer.item(2).numbers(3)
    right_dx, right_dW, right_db = reference("affine-backward").affine_backward(DOUT, X, W)
    return figure(
        "Your three gradients",
        for_layer_before("Your dx", dx),
        for_layer_before("The right dx", right_dx),
        for_update("Your dW and db", dW, db),
        for_update("The right dW and db", right_dW, right_db),
        alt="Four tables of numbers, blue above 0 and orange below: your dx, a row for each sample, beside the right"
        " one, and your dW with db as its last row beside the right ones. In a right one, db is -1, 3 and 2.",
        caption="The tables of a pair must be equal; rows and columns exchanged are a transpose in the wrong place.",
    )


def for_layer_before(title: str, dx: NDArray[np.float64]) -> Panel:
    """The gradient of the inputs."""
    return matrix(title, dx, names="012", x_names="012", x_label="input", y_label="sample")


def for_update(title: str, dW: NDArray[np.float64], db: NDArray[np.float64]) -> Panel:
    """The gradients of the weights, a row for each input, and of the biases below."""
    rows = ["0", "1", "2", "bias"]
    return matrix(title, np.vstack([dW, db]), names=rows, x_names="012", x_label="unit", y_label="input")
