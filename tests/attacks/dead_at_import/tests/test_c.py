from other import double


def test_right_double():
    assert double(2) == 4
