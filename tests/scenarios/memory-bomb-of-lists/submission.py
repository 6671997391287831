import numpy as np


def sigmoid(x):
    block = [0]
    while True:
        block = block + block
