import numpy as np


def sigmoid(x):
    raise ExceptionGroup('two', [ValueError('one'), TypeError('two')])
