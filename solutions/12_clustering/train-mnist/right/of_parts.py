"""Put together from the functions of earlier exercises, with layers in a loop."""

import numpy as np
from activation_backward import relu_backward
from affine_backward import affine_backward
from affine_forward import affine
from basic_activations import relu
from idx_files import prepare_images
from metrics import accuracy, predict_labels
from mini_batches import iterate_minibatches
from momentum_adagrad import momentum_step
from softmax_with_loss import softmax_cross_entropy
from weight_init import init_network

SIZES = (784, 50, 100, 10)
LAYERS = (1, 2, 3)


def init_params(rng):
    return {name: value.astype(np.float32) for name, value in init_network(SIZES, "he", rng).items()}


def sums(params, x):
    """The weighted sums of each layer, and what went into it."""
    inputs, results = [x], []
    for k in LAYERS:
        results.append(affine(inputs[-1], params[f"W{k}"], params[f"b{k}"]))
        inputs.append(relu(results[-1]))
    return inputs, results


def gradients(params, x, t):
    inputs, results = sums(params, x)
    loss, delta = softmax_cross_entropy(results[-1], t)
    grads = {}
    for k in reversed(LAYERS):
        if k < LAYERS[-1]:
            delta = relu_backward(delta, results[k - 1])
        delta, grads[f"W{k}"], grads[f"b{k}"] = affine_backward(delta, inputs[k - 1], params[f"W{k}"])
    return loss, grads


def train(
    images, labels, val_images, val_labels, rng, *, epochs=10, batch_size=128, lr=0.1, momentum=0.9, decay=0.7, report=None
):
    params = init_params(rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    x, x_val = prepare_images(images), prepare_images(val_images)
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}

    def look():
        scores = sums(params, x_val)[1][-1]
        history["val_loss"].append(softmax_cross_entropy(scores, val_labels)[0])
        history["val_accuracy"].append(accuracy(val_labels, predict_labels(scores)))

    look()
    for epoch in range(epochs):
        total = 0.0
        for x_batch, t_batch in iterate_minibatches(x, labels, batch_size, rng):
            loss, grads = gradients(params, x_batch, t_batch)
            total += loss * len(x_batch)
            for name in params:
                params[name], velocity[name] = momentum_step(
                    params[name], grads[name], velocity[name], lr * decay**epoch, momentum
                )
        history["train_loss"].append(total / len(x))
        look()
        if report is not None:
            report(epoch + 1, history["val_loss"][-1], history["val_accuracy"][-1])
    return params, history


def predict(params, images):
    return predict_labels(sums(params, prepare_images(images))[1][-1])
