"""The picture of max-pool. Runs in: checks."""

import numpy as np
from max_pool import max_pool2d, max_pool2d_backward
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.data import load_digits, upsample
from grader.pictures import Figure, Panel, figure, images

DIGIT = 71  # the place of a handwritten digit in the collection, a 5
SHAPE = (20, 16)


def picture() -> Figure:
    """A digit pooled in two ways, and the pixels that the gradients go to."""
    digit = upsample(load_digits()[0][DIGIT : DIGIT + 1])[0, 4:24, 6:22] / 255 - 1  # ink is 0, paper is -1
    return figure(
        "What your pooling keeps",
        *pooled("Windows of 2 by 2", digit, 2, None),
        *pooled("Windows of 3 by 3 in steps of 2", digit, 3, 2),
        alt="A handwritten 5, and the 5 pooled in windows of 2 by 2, yours beside the right one: still a 5, in half as"
        " many rows and columns. The gradient that comes back through it is black but for one white point in each"
        " window, the winner. Then the same for overlapping windows of 3 by 3: thicker strokes, and brighter points"
        " where one pixel won in several windows.",
        caption="The largest value of each window goes on, and only the pixel that gave it gets the gradient.",
    )


def pooled(title: str, digit: NDArray[np.float64], size: int, stride: int | None) -> tuple[Panel, Panel]:
    """The digit pooled by the learner's function and the right one, and a gradient of ones back through both."""
    right, x = reference("max-pool"), digit[None, None]
    found = ask(max_pool2d, x, size, stride).numbers(1, 1, None, None)[0, 0]
    wanted = right.max_pool2d(x, size, stride)
    dout = np.ones(wanted.shape)
    back = ask(max_pool2d_backward, dout, x, size, stride).numbers(1, 1, *SHAPE)[0, 0]
    wanted_back = right.max_pool2d_backward(dout, x, size, stride)[0, 0]
    return (
        images(title, [digit, twofold(found), twofold(wanted[0, 0])], ["the digit", "yours", "right"]),
        images("Their gradient", [back, wanted_back], ["yours", "right"]),
    )


def twofold(image: NDArray[np.float64]) -> NDArray[np.float64]:
    """The image with every pixel two high and two wide, as far as a whole digit would reach."""
    return image[: SHAPE[0], : SHAPE[1]].repeat(2, axis=0).repeat(2, axis=1)
