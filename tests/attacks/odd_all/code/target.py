__all__ = ["add", 5, None, ["x"], "missing", "\x1b[31m"]


def add(a, b):
    return 0
