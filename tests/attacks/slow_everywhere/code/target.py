import time


class Slow:
    def __getattr__(self, name):
        time.sleep(0.5)
        raise AttributeError(name)

    def __repr__(self):
        while True:
            pass

    def __eq__(self, other):
        time.sleep(0.4)
        return False

    def __hash__(self):
        time.sleep(0.4)
        return 1

    def __iter__(self):
        while True:
            time.sleep(0.01)
            yield 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        while True:
            pass

    def __del__(self):
        while True:
            pass


def __getattr__(name):
    if not name.startswith("name"):
        raise AttributeError(name)
    time.sleep(0.2)
    return Slow()


def make():
    return Slow()


def double(number):
    return 2 * number
