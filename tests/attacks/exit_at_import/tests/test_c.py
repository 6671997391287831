import other

CONSTANT = other.CONSTANT


def test_wrong_constant():
    assert CONSTANT == 4
