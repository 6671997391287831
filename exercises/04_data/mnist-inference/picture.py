"""The picture of mnist-inference. Runs in: checks."""

import numpy as np
from mnist_inference import predict_in_batches, predict_proba
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import has_mnist, mnist, reference
from grader.data import load_digits, load_weights, upsample
from grader.pictures import RIGHT, Figure, bars, figure, images, level

SAMPLES, SHOWN = 450, 8  # images; of those that are misread


def picture() -> Figure:
    """Digits that the network misreads, and how sure it is of the first one."""
    pixels, labels, kind = some_digits()
    X = pixels.reshape(SAMPLES, -1) / np.float32(255)
    network, right = load_weights(), reference("mnist-inference")
    yours, wanted = ask(predict_in_batches, network, X).numbers(SAMPLES), right.predict_in_batches(network, X)
    misread = np.flatnonzero(np.isfinite(yours) & (yours != labels))
    count = len(misread) if np.isfinite(yours).all() else "?"
    right_count = (wanted != labels).sum()
    first = np.flatnonzero(wanted != labels)[0]
    return figure(
        "Digits that your network misreads",
        images(
            f"{count} of {SAMPLES} misread, right: {right_count}",
            [pixels[n, 3:25, 3:25] for n in misread[:SHOWN]],
            [f"{labels[n]} → {yours[n]:g}" for n in misread[:SHOWN]],
        ),
        bars(
            f"How sure it is of a {labels[first]}",
            [str(digit) for digit in range(10)],
            level("yours", ask(predict_proba, network, X[first]).numbers(10)),
            level("right", right.predict_proba(network, X[first]), RIGHT),
            x_label="digit",
            y_range=(0, 1.1),
        ),
        alt=f"Left, the first {SHOWN} digits that the network misreads by your functions, each with its true label and"
        f" what it was taken for; of {SAMPLES} digits, {right_count} should be misread. Right, the ten probabilities of"
        f" one of them, a {labels[first]}, beside the right ones: the highest bar is at {wanted[first]}.",
        caption=f"Digits {kind}: many of these one could misread oneself, and the bars say how sure the network was.",
    )


def some_digits() -> tuple[NDArray[np.uint8], NDArray[np.uint8], str]:
    """Images (450, 28, 28), labels, and what they are: of MNIST where it is, else embedded ones, which are harder."""
    if has_mnist():
        pixels, labels = mnist("test")
        return pixels[:SAMPLES], labels[:SAMPLES], "of MNIST that it has not seen before"
    small, labels = load_digits()
    return upsample(small[:SAMPLES]), labels[:SAMPLES], "that are coarser than those it has learned from"
