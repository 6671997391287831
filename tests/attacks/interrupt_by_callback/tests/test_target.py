import target


def raise_it(error):
    if isinstance(error, BaseException):
        raise error


def test_right_nothing():
    assert callable(target.double)


def test_wrong_third():
    assert target.third(raise_it, [1, 2]) == 3


def test_wrong_each():
    assert target.each(raise_it, [1, 2]) == 3


def test_wrong_every():
    assert target.every(raise_it, [1, 2]) == 3


def test_wrong_double():
    assert target.double(2) == 4
