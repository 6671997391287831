import contextlib
import functools
import inspect
import typing

import target


def test_wrong_hints():
    assert typing.get_type_hints(target.add) == {"a": int, "b": int, "return": int}


def test_wrong_signature():
    assert inspect.signature(target.add, eval_str=True).return_annotation is int


def test_wrong_annotations():
    assert inspect.get_annotations(target.add, eval_str=True)["a"] is int


def test_wrong_class():
    assert typing.get_type_hints(target.Point) == {"x": int}
    assert typing.get_type_hints(target.Point.__init__)["x"] is int


def test_wrong_dispatch():
    function = functools.singledispatch(lambda value: value)
    function.register(target.add)
    assert function(1) == 1


def test_right_hints():
    assert typing.get_type_hints(target.sub) == {"a": int, "b": list[int] | None, "return": str}
