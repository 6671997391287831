import threading
import time

import numpy as np


def spin():
    while True:
        sum(range(1000))
        time.sleep(0.001)


threading.Thread(target=spin).start()


def sigmoid(x):
    return np.zeros(np.shape(x))
