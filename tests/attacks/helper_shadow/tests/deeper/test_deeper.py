from aid import check
from target import add


def test_wrong_deeper():
    check(add(1, 2), 3)
