import numpy as np


def sigmoid(x):
    raise ValueError('\x1b[32mpassed\x1b[0m\r\nsecond line\x00')
