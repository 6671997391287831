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
