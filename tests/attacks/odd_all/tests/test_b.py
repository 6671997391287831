from other import *


def test_wrong_double():
    assert double(2) == 4
