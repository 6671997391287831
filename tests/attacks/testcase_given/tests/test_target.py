import unittest

import target


class TestDouble(unittest.TestCase):
    def setUp(self):
        self.expected = 4

    def helper(self, value):
        assert value == self.expected

    def test_wrong_double(self):
        said = target.spy(self, 4)
        self.helper(target.double(2))
        self.assertEqual(target.double(2), 4, said)

    def test_wrong_secret(self):
        self.assertEqual(target.secret(987654), 123456)

    def test_right_unseen(self):
        before = target.seen
        said = "\n".join(target.spy(self, 4))
        self.assertNotIn("123456", said)
        self.assertEqual(target.seen, before)


class TestPlain:
    def helper(self, value):
        assert value == 4

    def test_wrong_plain(self):
        target.spy(self, 4)
        self.helper(target.double(2))

    def test_wrong_secret(self):
        assert target.secret(987654) == 123456

    def test_right_plain(self):
        before = target.seen
        said = "\n".join(target.spy(self, 4))
        assert "123456" not in said
        assert target.seen == before
