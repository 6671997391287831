import numpy as np

LIMIT = np.log(BIGGEST)


def sigmoid(x):
    return x
