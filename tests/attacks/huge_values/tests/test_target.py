from fractions import Fraction

import numpy as np
import target


def test_wrong_power():
    assert Fraction(target.power()) == 3


def test_wrong_endless():
    assert list(target.endless()) == [1]


def test_wrong_array():
    assert np.asarray(target.endless()).shape == (1,)


def test_wrong_generator():
    assert list(target.generator()) == [1]


def test_wrong_empties():
    assert [target.empties() for _ in range(4)] == 1


def test_wrong_sets():
    assert [target.sets() for _ in range(4)] == 1
