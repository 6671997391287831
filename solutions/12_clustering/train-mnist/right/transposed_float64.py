"""Layers as a list, in float64 and with the images in columns; gradients layer by layer in one loop."""

import numpy as np

SIZES = [784, 50, 100, 10]


def init_params(rng):
    params = {}
    for k in range(3):
        params[f"W{k + 1}"] = rng.normal(0.0, (2.0 / SIZES[k]) ** 0.5, (SIZES[k], SIZES[k + 1])).astype(np.float32)
        params[f"b{k + 1}"] = np.zeros(SIZES[k + 1], np.float32)
    return params


def run(layers, columns):
    outputs = [columns]
    for k, (weights, bias) in enumerate(layers):
        z = weights.T @ outputs[-1] + bias[:, None]
        outputs.append(z if k == 2 else np.where(z > 0, z, 0))
    return outputs


def probabilities(scores):
    e = np.exp(scores - scores.max(0))
    return e / e.sum(0)


def columns_of(images):
    return (images.reshape(-1, 784) / 255.0).T


def measured(layers, images, labels):
    p = probabilities(run(layers, columns_of(images))[-1])
    return -np.log(p[labels, range(len(labels))]).mean(), np.mean(p.argmax(0) == labels)


def train(
    images, labels, val_images, val_labels, rng, *, epochs=10, batch_size=128, lr=0.1, momentum=0.9, decay=0.7, report=None
):
    start = init_params(rng)
    layers = [[start[f"W{k}"].astype(float), start[f"b{k}"].astype(float)] for k in (1, 2, 3)]
    speed = [[np.zeros(w.shape), np.zeros(b.shape)] for w, b in layers]
    x = columns_of(images).astype(np.float32)
    validation = [measured(layers, val_images, val_labels)]
    costs = []
    for epoch in range(1, epochs + 1):
        cost = 0.0
        for part in np.array_split(rng.permutation(len(images)), range(batch_size, len(images), batch_size)):
            outputs = run(layers, x[:, part])
            p = probabilities(outputs[-1])
            cost -= np.log(p[labels[part], range(len(part))]).sum()
            p[labels[part], range(len(part))] -= 1
            delta = p / len(part)
            steps = []
            for k in (2, 1, 0):
                steps.insert(0, (outputs[k] @ delta.T, delta.sum(1)))
                delta = (layers[k][0] @ delta) * (outputs[k] > 0)
            for k, gradients in enumerate(steps):
                for i in (0, 1):
                    speed[k][i] *= momentum
                    speed[k][i] -= lr * gradients[i]
                    layers[k][i] += speed[k][i]
        lr = lr * decay
        costs.append(cost / len(images))
        validation.append(measured(layers, val_images, val_labels))
        if report:
            report(epoch, *map(float, validation[-1]))
    names = [f"{kind}{k}" for k in (1, 2, 3) for kind in "Wb"]
    params = {name: value.astype(np.float32) for name, value in zip(names, sum(layers, []), strict=True)}
    losses, accuracies = zip(*validation, strict=True)
    return params, {"train_loss": costs, "val_loss": list(losses), "val_accuracy": list(accuracies)}


def predict(params, images):
    layers = [(params[f"W{k}"], params[f"b{k}"]) for k in (1, 2, 3)]
    return np.argmax(run(layers, columns_of(images))[-1], axis=0)
