import os


def sigmoid(x):
    print('last words', end='', flush=True)
    os._exit(3)
