"""The picture of dropout. Runs in: checks."""

import numpy as np
from dropout import dropout_backward, dropout_forward
from numpy.typing import NDArray

from grader.asking import ask
from grader.pictures import RIGHT, Figure, figure, images, line, plane

SAMPLES, UNITS = 20, 20
ONES = np.ones((SAMPLES, UNITS))
RATES = np.linspace(0, 0.9, 19)


def picture() -> Figure:
    """What two calls let through, and the mean of what comes out by rate."""
    rng = np.random.default_rng(5)
    mask, out, back = through(0.5, rng)
    next_mask, _, _ = through(0.5, rng)
    means = np.array([[part.mean() for part in through(rate, rng)[1:]] for rate in RATES])
    inference = [ask(dropout_forward, ONES, rate, rng, training=False).item(0).numbers(*ONES.shape) for rate in RATES]
    return figure(
        "What your dropout lets through",
        images(
            "20 samples of 20 units, rate 0.5",
            [mask, out, back, next_mask],
            ["mask", "output", "gradient", "next mask"],
        ),
        plane(
            "The mean of an input of ones",
            line("output", RATES, means[:, 0]),
            line("gradient", RATES, means[:, 1]),
            line("inference", RATES, [part.mean() for part in inference]),
            line("right", RATES, np.ones(len(RATES)), RIGHT),
            x_label="rate",
            y_range=(0, 2),
        ),
        alt="Left, four squares of white and black points without any pattern, white where a unit was kept. The first"
        " three, mask, output and gradient of one call, are alike; the mask of the next call is another one. Right,"
        " the mean of output, gradient and inference by rate: three lines near 1, the first two jumping by chance.",
        caption="Few survivors, each made louder: on average the next layer gets as much as without dropout.",
    )


def through(rate: float, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """The mask, the output and the gradient of one call for ones."""
    answer = ask(dropout_forward, ONES, rate, rng)
    mask = answer.item(1).numbers(*ONES.shape)
    back = ask(dropout_backward, ONES, mask == 1, rate).numbers(*ONES.shape)
    return [mask, answer.item(0).numbers(*ONES.shape), back]
