import numpy as np


class TooHard(ValueError):
    pass


def sigmoid(x):
    raise TooHard('I give up at %s' % x[0])
