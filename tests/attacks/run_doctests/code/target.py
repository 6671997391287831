"""A module.

>>> import sys
>>> _ = sys.modules.get("pytest") and open("pwned", "w")
"""


def add(a, b):
    """Add.

    >>> _ = __import__("sys").modules.get("pytest") and open("pwned", "w")
    """
    return 0
