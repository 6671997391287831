"""One sample after the other, in plain Python numbers; the gradients are added up as they come."""

import math

import numpy as np


def sigmoid(a):
    return 1 / (1 + math.exp(-a)) if a > -700 else 0.0


def loss_and_gradients(params, x, t):
    shapes = {}
    for name in "W1", "b1", "W2", "b2":
        if name not in params:
            raise ValueError(f"no {name}")
        shapes[name] = params[name].shape
    if x.ndim != 2 or len(shapes["b1"]) != 1 or len(shapes["b2"]) != 1:
        raise ValueError("number of axes")
    N, D = x.shape
    (H,), (K,) = shapes["b1"], shapes["b2"]
    if shapes["W1"] != (D, H) or shapes["W2"] != (H, K) or t.shape != (N,) or N < 1:
        raise ValueError("shapes")
    classes = t.tolist()
    if not all(type(c) is int and 0 <= c < K for c in classes):
        raise ValueError("classes")
    W1, b1, W2, b2 = (params[name].tolist() for name in ("W1", "b1", "W2", "b2"))
    grads = {name: np.zeros(shape) for name, shape in shapes.items()}
    losses = []
    for row, true in zip(x.tolist(), classes):
        h = [sigmoid(sum(row[d] * W1[d][j] for d in range(D)) + b1[j]) for j in range(H)]
        scores = [sum(h[j] * W2[j][k] for j in range(H)) + b2[k] for k in range(K)]
        top = max(scores)
        log_sum = top + math.log(math.fsum(math.exp(s - top) for s in scores))
        losses.append(log_sum - scores[true])
        for k in range(K):
            slope = (math.exp(scores[k] - log_sum) - (k == true)) / N
            grads["b2"][k] += slope
            for j in range(H):
                grads["W2"][j, k] += slope * h[j]
                back = slope * W2[j][k] * h[j] * (1 - h[j])
                grads["b1"][j] += back
                for d in range(D):
                    grads["W1"][d, j] += back * row[d]
    return math.fsum(losses) / N, grads
