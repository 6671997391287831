"""The picture of conv2d. Runs in: checks."""

from collections.abc import Callable

import numpy as np
from conv2d import conv2d
from numpy.typing import NDArray

from grader.asking import Answer, ask
from grader.checks import reference
from grader.data import load_digits, upsample
from grader.pictures import Figure, Panel, figure, images

FILTERS = {
    "top edges": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "left edges": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "blur": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
}
DIGIT = 71  # the place of a handwritten digit in the collection, a 5
LABELS = [*FILTERS, "in steps of 2"]


def picture() -> Figure:
    """A digit, and what three filters find in it."""
    digit = upsample(load_digits()[0][DIGIT : DIGIT + 1])[0, 4:24, 6:22] / 255  # (20, 16), cut close
    return figure(
        "What your filters see",
        images("The digit", [digit]),
        maps("Your feature maps", lambda *args, **named: ask(conv2d, *args, **named), digit),
        maps(
            "The right ones",
            lambda *args, **named: Answer("", reference("conv2d").conv2d(*args, **named)),
            digit,
        ),
        alt="A handwritten 5, and four feature maps of it, yours and then the right ones, which look alike: white"
        " where the digit has an upper edge and black where it has a lower one; the same for left and right edges; a"
        " blurred 5; and the upper edges once more, in half the height and width.",
        caption="A filter is a small picture that looks for itself everywhere; where black and white are exchanged, it"
        " was turned round.",
    )


def maps(title: str, convolve: Callable[..., Answer], digit: NDArray[np.float64]) -> Panel:
    """The feature map of each filter with padding 1, and the one of the first filter in steps of 2."""
    x, w, b = digit[None, None], np.array(list(FILTERS.values()), dtype=np.float64)[:, None], np.zeros(len(FILTERS))
    found = convolve(x, w, b, pad=1).numbers(1, len(FILTERS), None, None)[0]
    strided = convolve(x, w[:1], b[:1], stride=2, pad=1).numbers(1, 1, None, None)[0]
    return images(title, [*found, *strided], LABELS)
