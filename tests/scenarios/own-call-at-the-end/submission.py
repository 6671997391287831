import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(float)))


def tried(values):
    return [sigmoid(value) for value in values]


print(tried([1, 2, 3]))
