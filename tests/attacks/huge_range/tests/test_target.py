import target


def test_wrong_range():
    assert list(target.numbers()) == [1, 2, 3]
