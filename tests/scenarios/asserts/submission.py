import numpy as np


def sigmoid(x):
    assert x.ndim == 2, 'only batches'
    return x
