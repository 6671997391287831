from helper import check
from target import add

import support


def test_wrong_helper():
    check(add(1, 2), 3)


def test_wrong_support():
    support.check(add(1, 2), 3)
