import inside
from inside import Ref

kept = []


def take(container):
    """The number of a container of the test's."""
    kept.append(container)
    return 1


def number_of(container):
    return inside.worker()._project._shared.number_of(container)


def other_kind(container):
    inside.answer(1, updates=[[number_of(container), "text"]])


def no_pairs(container):
    inside.answer(1, updates=[[number_of(container), [None, 5, "xyz"]]])


def no_factory(container):
    inside.answer(1, updates=[[number_of(container), []]])


def five(container):
    inside.answer(1, updates=[[number_of(container), [5, ("a", 1)]]])


def class_factory(container):
    inside.answer(1, updates=[[number_of(container), [Ref("k", "builtins", "breakpoint", []), ("a", 1)]]])


def unhashable(container):
    inside.answer(1, updates=[[number_of(container), [None, (Ref("s", 7771, "list"), 1)]]])


def unknown(container):
    inside.answer(1, updates=[[2 * 10**6, [1]]])


def bool_number(container):
    inside.answer(1, updates=[[True, [1]]])


def itself(container):
    inside.answer(Ref("s", 7771, "list"), updates=[[7771, [Ref("s", 7771, "list")]]])


def forgotten(container):
    number = number_of(container)
    inside.answer(1, forgotten=[number, number, -1, True, 1.5, "x", None, [1]])


def released(container):
    odd = [[1, -(10**30)], [1, 10**30], [True, 1], [1, 1.5], ["x", 1], [1], 5, None, [2, 10**9], [3, 10**9]]
    inside.answer(1, released=odd)


def attributes(container):
    inside.answer(Ref("s", 7773, "SimpleNamespace"), updates=[[7773, {"__class__": 5, 7: 8, "x": Ref("s", 7773, "SimpleNamespace")}]])
