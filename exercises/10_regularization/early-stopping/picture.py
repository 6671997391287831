"""The picture of early-stopping. Runs in: checks."""

import numpy as np
from early_stopping import early_stopping

from grader.asking import ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, YOURS, Figure, Panel, Role, Series, figure, line, path, plane

# An improvement after a while, a loss that stands still, one below the last but not below the best, and a late best.
NOISY = [0.95, 0.82, 0.72, 0.76, 0.69, 0.73, 0.64, 0.64, 0.72, 0.67, 0.7, 0.66, 0.52, 0.55]
# Gains that are too small one by one, but not all together.
SLOW = [0.95, 0.8, 0.7, 0.67, 0.64, 0.62, 0.6, 0.59, 0.575, 0.565, 0.57, 0.56, 0.55, 0.54]
PATIENCE = 3
FLOOR, CEILING = 0.4, 1.05


def picture() -> Figure:
    """Where the training stops and which epoch is kept, on two curves."""
    return figure(
        "Where you stop",
        panel("Patience 3", NOISY, 0.0),
        panel("Patience 3, min_delta 0.05", SLOW, 0.05),
        alt="Two falling curves of validation losses over 14 epochs. On each your stop is a line from bottom to top,"
        " and the epoch that you keep a stem below the curve; upon them lie the right ones, thin and dashed. Right is"
        " on the left curve to stop after epoch 9 and to keep epoch 6, though a later epoch would be lower; on the"
        " right curve to stop after epoch 7 and to keep epoch 4.",
        caption="Patience counts from the last real improvement; what lies beyond the stop is never trained, and so"
        " never seen.",
    )


def panel(title: str, losses: list[float], min_delta: float) -> Panel:
    """The curve, with your stop and your best epoch and the right ones."""
    answer = ask(early_stopping, losses, PATIENCE, min_delta)
    stop, best = reference("early-stopping").early_stopping(losses, PATIENCE, min_delta)
    return plane(
        title,
        line("loss", range(len(losses)), losses, OTHER),
        *marks(("your stop", "your best"), float(answer.item(0).numbers()), float(answer.item(1).numbers()), losses),
        *marks(("right", "right"), stop, best, losses, RIGHT),
        x_label="epoch",
        x_range=(-0.5, len(losses) + 0.5),
        y_range=(FLOOR, CEILING),
    )


def marks(labels: tuple[str, str], stop: float, best: float, losses: list[float], role: Role = YOURS) -> list[Series]:
    """A line where the training stops, and a stem below the loss of the epoch that is kept."""
    loss = losses[int(best)] if best in range(len(losses)) else np.nan
    return [
        line(labels[0], [stop, stop], [FLOOR, CEILING], role),
        path(labels[1], [best, best], [FLOOR, loss], role),
    ]
