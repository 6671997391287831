import numpy as np

print('x' * 100_000_000)


def sigmoid(x):
    return np.zeros(np.shape(x))
