import target


def test_wrong():
    assert target.add(1, 2) == 3
