import numpy.testing
import target


def test_wrong_add():
    numpy.testing.assert_equal(target.add(1, 2), 3)


def test_wrong_sub():
    numpy.testing.assert_equal(target.sub(1, 2), -1)
