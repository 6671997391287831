from unittest.mock import MagicMock

import target


def test_wrong_many():
    assert target.many(lambda n: [object() for _ in range(n)]) == 1


def test_wrong_children():
    assert target.children(MagicMock()) == 2


def test_wrong_endless():
    def numbers():
        while True:
            yield 1

    assert target.count(numbers()) == 2


def test_wrong_huge():
    assert target.huge(lambda n: [0] * n) == 1


def test_wrong_endless_work():
    def add(n):
        total = 0
        for number in range(n):
            total += number
        return total

    assert target.work(add) == 1


def test_right_after_all():
    assert target.right(lambda n: n) == 1
