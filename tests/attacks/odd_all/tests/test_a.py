from target import *


def test_wrong_add():
    assert add(1, 2) == 3
