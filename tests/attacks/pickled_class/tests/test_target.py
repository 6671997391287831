import copy
import inspect
import pickle

import target


def test_wrong_class():
    assert pickle.loads(pickle.dumps(target.Foo)) == 5


def test_wrong_object():
    assert pickle.loads(pickle.dumps(target.make())) == 5


def test_wrong_reduce():
    assert pickle.loads(pickle.dumps(target.Loads())) == 5
    assert copy.deepcopy(target.Loads()) == 5


def test_wrong_meta():
    assert pickle.loads(pickle.dumps(target.Bar)) == 5


def test_wrong_copied():
    assert copy.copy(target.Foo) == 5


def test_wrong_inspected():
    assert inspect.getmodule(target.Foo).__name__ == "target"
