from functools import cached_property, partial

import pytest
import target


class Holder:
    side = 3

    @property
    def area(self):
        return self.side**2

    @cached_property
    def length(self):
        return self.side * 4

    def scaled(self, number, by=2):
        return number * by


def positional(number, scale=2):
    return number * scale


def named(number=3, *, scale=2):
    return number * scale


@pytest.mark.parametrize("function", [positional, named, Holder().scaled, partial(named, scale=3)])
def test_wrong_function(function):
    assert target.without_defaults(function) == function(3)


def test_wrong_property():
    holder = Holder()
    assert target.without_property(holder) == holder.area


def test_wrong_cached_property():
    holder = Holder()
    assert target.without_property(holder) == holder.length


def test_right_attributes():
    assert target.marked(positional) is positional
    assert (positional.calls, positional.__name__) == (3, "marked")
