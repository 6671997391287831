from target import add


def test_wrong_add(three):
    assert add(1, 2) == three
