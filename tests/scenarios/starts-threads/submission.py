import threading
import time

import numpy as np


def chatter():
    while True:
        print("still here")
        time.sleep(0.001)


threading.Thread(target=chatter).start()


def sigmoid(x):
    return np.zeros(np.shape(x))
