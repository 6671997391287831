"""Hidden checks of `train-mnist`."""

import time
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from train_mnist import init_params, predict, train

from grader.checks import (
    assert_array,
    assert_close,
    assert_inputs_unchanged,
    has_mnist,
    mnist,
    note,
    progress,
    reference,
)
from grader.data import load_digits, upsample

SHAPES = {"W1": (784, 50), "b1": (50,), "W2": (50, 100), "b2": (100,), "W3": (100, 10), "b3": (10,)}
VALIDATION = 5000
LEARNED = 1437  # of the embedded digits; the other 360 are by other writers
EPOCHS = 10
Images = NDArray[np.uint8]


@cache
def digits() -> tuple[Images, Images]:
    """The embedded digits as images of 28 x 28 pixels, and their labels; read-only."""
    images, labels = load_digits()
    images = upsample(images)
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def accuracy_of(params: Any, images: Images, labels: Images) -> float:
    """The part of the images in which the learner's network sees the right digit."""
    found = assert_array(predict(params, images), shape=labels.shape, dtype=np.int64)
    return float((found == labels).mean())


def as_parameters(params: object) -> dict[str, NDArray[np.float32]]:
    """Six finite float32 arrays of the right shapes."""
    assert isinstance(params, dict), "parameters must be a dict"
    assert set(params) == set(SHAPES), f"the parameters are {', '.join(SHAPES)}"
    return {name: assert_array(params[name], shape=shape, dtype=np.float32) for name, shape in SHAPES.items()}


def show_epoch(epoch: int, loss: float, accuracy: float) -> None:
    """What the learner's network says after an epoch, for the one who waits."""
    progress(epoch, EPOCHS, f"validation loss {float(loss):.3f}, accuracy {float(accuracy):.3f}")


def test_overfits_twenty_images() -> None:
    """Twenty images are learned by heart: all twenty right after 60 epochs."""
    images, labels = digits()
    few = images[:20], labels[:20]
    params, _ = train(*few, *few, np.random.default_rng(3), epochs=60, batch_size=20, lr=0.05, decay=1.0)
    reached = accuracy_of(params, *few)
    assert reached == 1.0, f"{round(20 * reached)} of 20 images; if they can't be learned, the gradients are wrong"


def test_reaches_97_percent() -> None:
    """It learns from 55,000 images and reads 97 % of 10,000 others (without MNIST: 1,437, and 88 % of 360)."""
    if has_mnist():
        images, labels = mnist("train")
        test_images, test_labels = mnist("test")
        cut, least = len(images) - VALIDATION, 0.97
        validation = images[cut:], labels[cut:]
    else:
        images, labels = digits()
        cut, least = LEARNED, 0.88
        test_images, test_labels = images[cut:], labels[cut:]
        validation = test_images, test_labels
    start = time.perf_counter()
    params, _ = train(
        images[:cut], labels[:cut], *validation, np.random.default_rng(1), epochs=EPOCHS, report=show_epoch
    )
    seconds = time.perf_counter() - start
    reached = accuracy_of(params, test_images, test_labels)
    note(f"accuracy {reached:.4f} on {len(test_labels):,} images, trained on {cut:,} in {seconds:.1f} s")
    assert reached >= least, f"it reads {reached:.4f} of {len(test_labels):,} new images; {least} is asked for"


def test_history() -> None:
    """The losses begin near ln 10, fall, and end where predict says; report hears of every epoch."""
    images, labels = digits()
    heard: list[tuple[int, float, float]] = []
    params, history = train(
        images[:500],
        labels[:500],
        images[1600:],
        labels[1600:],
        np.random.default_rng(2),
        epochs=5,
        batch_size=25,
        lr=0.05,
        report=lambda *told: heard.append(told),
    )
    assert isinstance(history, dict), "history must be a dict"
    wanted = {"train_loss": 5, "val_loss": 6, "val_accuracy": 6}
    assert set(history) == set(wanted), f"history has the entries {', '.join(wanted)}"
    for name, count in wanted.items():
        assert len(history[name]) == count, f"{name} has {len(history[name])} entries after 5 epochs; expected {count}"
    losses = [float(loss) for loss in history["val_loss"]]
    assert 1.8 < losses[0] < 3.2, f"before training the loss is {losses[0]:.3f}; ten classes cost about ln 10 = 2.3"
    assert losses[-1] < 0.8, f"after 5 epochs the validation loss is {losses[-1]:.3f}; below 0.8 is expected"
    assert float(history["train_loss"][-1]) < 0.5 * float(history["train_loss"][0]), "the training loss must fall"
    last = accuracy_of(params, images[1600:], labels[1600:])
    assert_close(float(history["val_accuracy"][-1]), last, atol=1e-6, law="the last accuracy is the one of predict")
    assert [int(epoch) for epoch, *_ in heard] == [1, 2, 3, 4, 5], "report is called once after each epoch, from 1"
    told = [[float(loss), float(accuracy)] for _, loss, accuracy in heard]
    kept = np.column_stack([losses[1:], [float(a) for a in history["val_accuracy"][1:]]])
    assert_close(np.array(told), kept, atol=1e-6, law="report hears what the history keeps")


def test_every_parameter_moves() -> None:
    """Training moves all six arrays away from where init_params has put them."""
    images, labels = digits()
    before = as_parameters(init_params(np.random.default_rng(4)))
    after, _ = train(images[:256], labels[:256], images[256:300], labels[256:300], np.random.default_rng(4), epochs=2)
    for name, value in as_parameters(after).items():
        assert np.isfinite(value).all(), f"{name} is not finite after training"
        assert (value != before[name]).any(), f"{name} is after two epochs what it was before"


def test_first_weights() -> None:
    """Weights begin with the spread sqrt(2 / fan_in) around 0, all biases at 0."""
    params = as_parameters(init_params(np.random.default_rng(5)))
    for name in ("W1", "W2", "W3"):
        spread = np.sqrt(2 / SHAPES[name][0])
        assert_close(params[name].std(), spread, rtol=0.15, law=f"the standard deviation of {name} is sqrt(2 / fan_in)")
        assert abs(params[name].mean()) < 0.15 * spread, f"the mean of {name} is near 0"
    far = (np.abs(params["W1"]) > 2 * np.sqrt(2 / 784)).mean()
    assert_close(far, 0.0455, atol=0.01, law="weights are normal: the share of W1 beyond two standard deviations")
    for name in ("b1", "b2", "b3"):
        assert_close(params[name], np.zeros(SHAPES[name]), rtol=0, law=f"{name} begins at 0")


def test_one_update_exact() -> None:
    """One step on 64 images moves every parameter as one step of SGD must; momentum and decay do as they say."""
    images, labels = digits()
    images, labels = images[300:364], labels[300:364]
    given = images, labels, images[:8], labels[:8]
    step_of = reference("train-mnist").loss_and_gradients
    x = images.reshape(64, 784).astype(np.float32) / np.float32(255)
    start = as_parameters(init_params(np.random.default_rng(6)))
    one, _ = train(*given, np.random.default_rng(6), epochs=1, batch_size=100, lr=0.05, momentum=0.0)
    for name, value in as_parameters(one).items():
        wanted = -0.05 * step_of(start, x, labels)[1][name]
        least = 0.01 * np.abs(wanted).max()
        assert_close(
            value - start[name], wanted, rtol=0.01, atol=least, law=f"the step of {name} is -lr times its gradient"
        )
    two, _ = train(*given, np.random.default_rng(6), epochs=2, batch_size=64, lr=0.05, momentum=0.5, decay=0.1)
    for name, value in as_parameters(two).items():
        second = 0.5 * -0.05 * step_of(start, x, labels)[1][name] - 0.005 * step_of(one, x, labels)[1][name]
        least = 0.02 * np.abs(second).max()
        law = f"the second step of {name} is momentum times the first minus lr * decay times the gradient"
        assert_close(value - one[name], second, rtol=0.02, atol=least, law=law)


def test_validation_not_used_for_learning() -> None:
    """Other validation images, and the same parameters come out."""
    images, labels = digits()
    seen = images[:128], labels[:128]
    one, _ = train(*seen, images[500:564], labels[500:564], np.random.default_rng(7), epochs=2, batch_size=32)
    wrong = (labels[800:850] + 1) % 10
    other, _ = train(*seen, images[800:850], wrong, np.random.default_rng(7), epochs=2, batch_size=32)
    for name, value in as_parameters(one).items():
        assert_close(as_parameters(other)[name], value, rtol=1e-4, atol=1e-6, law=f"{name} knows nothing of validation")


def test_sorted_data() -> None:
    """Images sorted by digit are learned as well as mixed ones: every epoch shuffles."""
    images, labels = digits()
    order = np.argsort(labels[:LEARNED], kind="stable")
    rest = images[LEARNED:], labels[LEARNED:]
    params, _ = train(images[order], labels[order], *rest, np.random.default_rng(8), epochs=6, batch_size=50)
    reached = accuracy_of(params, *rest)
    assert reached > 0.75, (
        f"trained on images sorted by digit it reads {reached:.3f} of new ones; over 0.75 is expected"
    )


def test_shuffled_anew() -> None:
    """Every epoch has an order of its own: a second one leads elsewhere than the first from the same weights."""
    images, labels = digits()
    data = images[:60], labels[:60], images[60:64], labels[60:64]
    settings: dict[str, Any] = {"batch_size": 5, "momentum": 0.0}
    first, _ = train(*data, np.random.default_rng(13), epochs=1, lr=0.05, **settings)
    second, _ = train(*data, np.random.default_rng(13), epochs=2, lr=5e-12, decay=1e10, **settings)
    moved = np.abs(as_parameters(second)["W3"] - as_parameters(first)["W3"]).max()
    assert moved > 1e-4, "the second epoch had the order of the first; shuffle at the beginning of each"


def test_repeatable_and_unchanged() -> None:
    """The same seed gives the same parameters, also with the defaults written out; another seed others; images stay."""
    images, labels = digits()
    data = images[:140], labels[:140], images[140:160], labels[140:160]
    by_default, _ = train(*data, np.random.default_rng(9))
    written_out, _ = train(*data, np.random.default_rng(9), epochs=10, batch_size=128, lr=0.1, momentum=0.9, decay=0.7)
    law = "the defaults are epochs=10, batch_size=128, lr=0.1, momentum=0.9, decay=0.7"
    for name, value in as_parameters(by_default).items():
        assert_close(as_parameters(written_out)[name], value, rtol=1e-4, atol=1e-6, law=law)
    data = images[:100], labels[:100], images[100:120], labels[100:120]
    one, _ = assert_inputs_unchanged(train, *data, np.random.default_rng(9), epochs=1)
    same, _ = train(*data, np.random.default_rng(9), epochs=1)
    other, _ = train(*data, np.random.default_rng(10), epochs=1)
    for name, value in as_parameters(one).items():
        assert_close(as_parameters(same)[name], value, rtol=1e-4, atol=1e-6, law=f"{name} comes from the seed alone")
    assert (as_parameters(other)["W1"] != one["W1"]).any(), "another seed gives other parameters"
    first, second = (as_parameters(init_params(np.random.default_rng(seed))) for seed in (9, 10))
    assert (first["W1"] != second["W1"]).any(), "all randomness comes from rng; another seed gives other weights"


def test_losses_are_means() -> None:
    """The losses are means over the images, each counted once, and before its step in training."""
    images, labels = digits()
    still, others = (images[:100], labels[:100]), (images[1600:1650], labels[1600:1650])
    params, history = train(*still, *others, np.random.default_rng(12), epochs=1, batch_size=30, lr=1e-9)
    for name, data in (("train_loss", still), ("val_loss", others)):
        expected = reference("train-mnist").evaluate(as_parameters(params), *data)[0]
        law = f"{name} is the mean loss of its images, here of a network that hardly moves"
        assert_close(
            np.array([float(loss) for loss in history[name]]), [expected] * len(history[name]), rtol=1e-4, law=law
        )
    _, history = train(*still, *others, np.random.default_rng(12), epochs=1, batch_size=100)
    before = reference("train-mnist").evaluate(as_parameters(init_params(np.random.default_rng(12))), *still)[0]
    assert_close(float(history["train_loss"][0]), before, rtol=1e-4, law="train_loss is measured before the step")


@pytest.mark.parametrize("count", [0, 1, 300])
def test_predict_few(count: int) -> None:
    """predict gives the digit with the largest score: of 300 images, of one, and none of no image."""
    images, _ = digits()
    rng, right = np.random.default_rng(11), reference("train-mnist")
    params = right.init_params(rng)
    params |= {name: rng.normal(size=SHAPES[name]).astype(np.float32) for name in ("b1", "b2", "b3")}
    found = assert_array(predict(params, images[:count]), shape=(count,), dtype=np.int64)
    scores = right.forward(params, right.prepare(images[:count]))[-1]
    assert_close(found, scores.argmax(axis=1), rtol=0, law="the digit with the largest score, biases included")
