"""The picture of sgd-step. Runs in: checks."""

import numpy as np
from numpy.typing import NDArray
from sgd_step import minibatch_sgd_step

from grader.asking import Answer, ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, figure, line, path, plane, points

Params = dict[str, NDArray[np.floating]]
SAMPLES, SIZE, STEPS, LR = 24, 6, 24, 0.2


def picture() -> Figure:
    """A straight line that learns to run through points, and the loss of each of its steps."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-2, 2, size=(SAMPLES, 1))
    t = 1.2 * x + 2 + rng.normal(scale=0.3, size=x.shape)
    params, right = start(), start()
    losses, right_losses = [], []
    for step in range(STEPS):
        batch = slice(step * SIZE % SAMPLES, step * SIZE % SAMPLES + SIZE)
        answer = ask(minibatch_sgd_step, params, x[batch], t[batch], linear_loss, LR)
        params = {name: parameter(answer.item(0), name) for name in start()}
        losses.append(answer.item(1).numbers())
        right, loss = reference("sgd-step").minibatch_sgd_step(right, x[batch], t[batch], linear_loss, LR)
        right_losses.append(loss)
    ends = np.array([[-2.0], [2.0]])
    return figure(
        "Your steps",
        plane(
            f"A line after {STEPS} steps",
            points("data", x, t),
            line("yours", ends, ends @ params["W"] + params["b"]),
            line("right", ends, ends @ right["W"] + right["b"], RIGHT),
            x_label="x",
            y_range=(-2, 6),
        ),
        plane(
            "The loss of each mini-batch",
            path("yours", range(STEPS), losses),
            path("right", range(STEPS), right_losses, RIGHT),
            x_label="step",
            y_range=(1e-2, 1e2),
            logarithmic=True,
        ),
        alt="Left, 24 points along a rising line, and your line through them, upon the right one if your steps are"
        " right. It crosses x = 0 at about 2, where only a bias can lift it. Right, the loss by step: from 4 it falls"
        " within six steps to about 0.1, and goes on jumping a little.",
        caption="The loss jumps because each mini-batch holds other samples; a line through (0, 0) has a bias that"
        " never moves.",
    )


def start() -> Params:
    """The parameters before the first step: a line that lies on the axis."""
    return {"W": np.zeros((1, 1)), "b": np.zeros(1)}


def parameter(answer: Answer, name: str) -> NDArray[np.float64]:
    """One of the learner's new parameters."""
    found = answer.value.get(name) if isinstance(answer.value, dict) else answer.value
    return Answer(f"For {name}, {answer.name}", found, ok=answer.ok).numbers(*start()[name].shape)


def linear_loss(params: Params, x: NDArray[np.float64], t: NDArray[np.float64]) -> tuple[float, Params]:
    """Mean squared error of x W + b against t, and the gradients of that mean."""
    error = x @ params["W"] + params["b"] - t
    return float((error**2).mean()), {"W": x.T @ (2 * error / len(x)), "b": (2 * error).mean(axis=0)}
