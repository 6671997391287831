import sys

import numpy as np


def sigmoid(x):
    print('debug: here', file=sys.stderr)
    return np.zeros(np.shape(x))
