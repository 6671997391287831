import target


def test_right_nothing():
    assert callable(target.double)


def test_wrong_total():
    assert target.total(n for n in [1, 2]) == 3


def test_wrong_double():
    assert target.double(2) == 4
