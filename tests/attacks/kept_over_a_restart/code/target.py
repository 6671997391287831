import os
import pathlib


class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def die(self):
        os._exit(0)


DEFAULT = Account(5)


def __getattr__(name):
    if name == "LATER":
        return Account(7)
    raise AttributeError(name)


def die():
    os._exit(0)
