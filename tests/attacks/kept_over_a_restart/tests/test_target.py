import pytest
import target
from target import DEFAULT, LATER, Account

KEPT = Account(3)


def test_wrong_dies():
    with pytest.raises(BaseException):
        DEFAULT.die()


def test_right_default():
    assert DEFAULT.balance == 5


def test_wrong_kept():
    assert KEPT.balance == 3


def test_wrong_swallowed():
    try:
        target.die()
    except BaseException:
        pass


def test_right_class():
    assert Account(4).balance == 4
    assert isinstance(DEFAULT, Account)
