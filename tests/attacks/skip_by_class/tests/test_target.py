import unittest

import target


def test_wrong_add():
    assert target.add(1, 2) == 3


def test_wrong_mul():
    assert target.mul(1, 2) == 3


class TestSub(unittest.TestCase):
    def test_wrong_sub(self):
        self.assertEqual(target.sub(1, 2), -1)

    def test_wrong_add(self):
        self.assertEqual(target.add(1, 2), 3)
