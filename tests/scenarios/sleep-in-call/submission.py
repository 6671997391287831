import time


def sigmoid(x):
    time.sleep(3600)
