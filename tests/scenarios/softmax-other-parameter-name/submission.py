import numpy as np


def softmax(x, dimension=-1):
    x = np.asarray(x, dtype=np.float64)
    e = np.exp(x - x.max(axis=dimension, keepdims=True))
    return e / e.sum(axis=dimension, keepdims=True)
