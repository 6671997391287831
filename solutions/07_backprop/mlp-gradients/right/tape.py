"""Each forward step leaves a function on a tape; the backward pass plays the tape from its end."""

import numpy as np


class Network:
    def __init__(self, params):
        self.params, self.grads, self.tape = params, {}, []

    def affine(self, x, weight, bias):
        W, b = self.params[weight], self.params[bias]

        def back(dout):
            self.grads[weight] = np.einsum("nd,nm->dm", x, dout)
            self.grads[bias] = np.einsum("nm->m", dout)
            return np.einsum("nm,dm->nd", dout, W)

        self.tape.append(back)
        return np.einsum("nd,dm->nm", x, W) + b

    def sigmoid(self, a):
        y = np.tanh(a / 2) / 2 + 0.5
        self.tape.append(lambda dout: dout * (0.25 - (y - 0.5) ** 2))
        return y

    def cross_entropy(self, scores, t):
        log_sum = np.logaddexp.reduce(scores, axis=1, keepdims=True)
        one_hot = np.eye(scores.shape[1])[t]
        self.tape.append(lambda dout: dout * (np.exp(scores - log_sum) - one_hot) / len(t))
        return np.mean(log_sum - (scores * one_hot).sum(axis=1, keepdims=True))


def loss_and_gradients(params, x, t):
    if not {"W1", "b1", "W2", "b2"} <= params.keys():
        raise ValueError("a parameter is missing")
    if x.ndim != 2 or params["W1"].ndim != 2 or params["W2"].ndim != 2:
        raise ValueError("x, W1 and W2 are matrices")
    chain = [x.shape[1], *params["W1"].shape, *params["b1"].shape, *params["W2"].shape, *params["b2"].shape]
    if len(chain) != 7 or chain[0] != chain[1] or len(set(chain[2:5])) > 1 or chain[5] != chain[6]:
        raise ValueError("the shapes don't chain")
    if not len(x) or t.shape != x.shape[:1] or not np.issubdtype(t.dtype, np.integer) or (t < 0).any() or (t >= chain[6]).any():
        raise ValueError("one class per sample")
    network = Network(params)
    a = network.affine(x, "W1", "b1")
    loss = network.cross_entropy(network.affine(network.sigmoid(a), "W2", "b2"), t)
    dout = 1.0
    for back in reversed(network.tape):
        dout = back(dout)
    return float(loss), network.grads
