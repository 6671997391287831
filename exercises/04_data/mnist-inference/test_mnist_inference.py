"""Checks of mnist-inference. Runs in: checks."""

import numpy as np
import pytest
from mnist_inference import predict_in_batches, predict_proba
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, mnist, note, reference
from grader.data import load_digits, load_weights, upsample


def embedded_digits(count: int) -> NDArray[np.float32]:
    """The first `count` digits that come with the course, as network input (count, 784)."""
    images, _ = load_digits()
    return scaled(upsample(images[:count]))


def scaled(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Images (N, 28, 28) as network input (N, 784), pixels from 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


def right_probabilities(x: NDArray[np.float32]) -> NDArray[np.floating]:
    """What the reference says with the same weights."""
    probabilities: NDArray[np.floating] = reference("mnist-inference").predict_proba(load_weights(), x)
    return probabilities


def assert_accuracy(predicted: object, labels: NDArray[np.uint8], least: float) -> None:
    """Compare predicted labels with true ones, and note the figure."""
    digits = assert_array(predicted, shape=labels.shape, dtype=np.int64)
    accuracy = float((digits == labels).mean())
    note(f"accuracy {accuracy:.4f} on {len(labels):,} images")
    assert accuracy >= least, f"{accuracy:.4f} of the digits are right; these weights reach {least} and more"


def test_probabilities_match() -> None:
    """64 digits get the probabilities that these weights give, to 0.00001."""
    x = embedded_digits(64)
    probabilities = assert_array(predict_proba(load_weights(), x), shape=(64, 10))
    law = "p = softmax(sigmoid(sigmoid(x W1 + b1) W2 + b2) W3 + b3), one row for each image"
    assert_close(probabilities, right_probabilities(x), rtol=0.0, atol=1e-5, law=law)


def test_one_image_equals_batch_row() -> None:
    """A single image gives ten probabilities, the same as within a batch, with sum 1."""
    x = embedded_digits(5)
    batch = assert_array(predict_proba(load_weights(), x), shape=(5, 10))
    for row in (0, 3):
        one = assert_array(predict_proba(load_weights(), x[row]), shape=(10,))
        assert_close(one.sum(), 1.0, atol=1e-5, law="The probabilities of one image sum to 1")
        assert_close(one, batch[row], rtol=0.0, atol=1e-5, law="An image's answer does not depend on its neighbours")


def test_large_scores() -> None:
    """Last weights 1000 times as large don't overflow: the network is then sure of its digit."""
    x = embedded_digits(64)
    network = load_weights()
    network = {**network, "W3": network["W3"] * 1000, "b3": network["b3"] * 1000}
    probabilities = assert_array(predict_proba(network, x), shape=(64, 10))
    sure = np.eye(10)[right_probabilities(x).argmax(axis=1)]
    assert_close(probabilities, sure, rtol=0.0, atol=1e-5, law="a score that is far above the others gets p = 1")


def test_labels_for_every_image() -> None:
    """250 images in batches of 100 give 250 labels, the same as in one batch."""
    x = embedded_digits(250)
    labels = assert_array(predict_in_batches(load_weights(), x, 100), shape=(250,), dtype=np.int64)
    assert_close(labels, right_probabilities(x).argmax(axis=1), law="The label is the digit with the largest p")
    whole = predict_in_batches(load_weights(), x, 250)
    assert_close(labels, whole, law="Batches of 100 give the same labels as one batch of 250")


def test_batch_size_does_not_matter() -> None:
    """Batches of 1, 7, 100 and 10,000 give the same labels; no images give no labels."""
    x = embedded_digits(120)
    expected = right_probabilities(x).argmax(axis=1)
    for batch_size in (1, 7, 100, 10_000):
        labels = assert_array(predict_in_batches(load_weights(), x, batch_size), shape=(120,), dtype=np.int64)
        assert_close(labels, expected, law="The labels do not depend on batch_size")
    assert_close(predict_in_batches(load_weights(), x), expected, law="Without batch_size, batches hold 100 images")
    assert_array(predict_in_batches(load_weights(), x[:0], 100), shape=(0,), dtype=np.int64)


def test_accuracy() -> None:
    """At least 95 % of the first 1,000 test images of MNIST are recognised."""
    images, labels = mnist("test")
    predicted = predict_in_batches(load_weights(), scaled(images[:1000]), 100)
    assert_accuracy(predicted, labels[:1000], least=0.95)


def test_all_test_images() -> None:
    """At least 97 % of all 10,000 test images of MNIST are recognised, in batches of 100."""
    images, labels = mnist("test")
    predicted = predict_in_batches(load_weights(), scaled(images), 100)
    assert_accuracy(predicted, labels, least=0.97)


def test_raw_pixels_rejected() -> None:
    """Pixels outside 0..1, such as unscaled ones, and NaN raise ValueError."""
    x = embedded_digits(3)
    with pytest.raises(ValueError):
        predict_proba(load_weights(), x * 255)
    with pytest.raises(ValueError):
        predict_in_batches(load_weights(), x * 255)
    with pytest.raises(ValueError):
        predict_proba(load_weights(), x[0] - np.float32(0.1))
    with pytest.raises(ValueError):
        predict_proba(load_weights(), x[0] + np.float32(0.1))
    with pytest.raises(ValueError):
        predict_proba(load_weights(), np.where(x > 0.5, np.float32(np.nan), x))


def test_bad_arguments() -> None:
    """A missing weight, images of another width and a batch size below 1 raise ValueError."""
    x = embedded_digits(3)
    without_b3 = {name: weights for name, weights in load_weights().items() if name != "b3"}
    with pytest.raises(ValueError):
        predict_proba(without_b3, x)
    with pytest.raises(ValueError):
        predict_in_batches(without_b3, x)
    with pytest.raises(ValueError):
        predict_proba(load_weights(), x[:, :783])
    with pytest.raises(ValueError):
        predict_proba(load_weights(), x[0, :783])
    with pytest.raises(ValueError):
        predict_proba(load_weights(), x[np.newaxis])
    for batch_size in (0, -1):
        with pytest.raises(ValueError):
            predict_in_batches(load_weights(), x, batch_size)


def test_inputs_unchanged() -> None:
    """Weights and images are left as they are."""
    x = embedded_digits(3)
    assert_inputs_unchanged(predict_proba, load_weights(), x)
    assert_inputs_unchanged(predict_in_batches, load_weights(), x, 2)
