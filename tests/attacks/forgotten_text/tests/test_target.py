import collections

import target


def test_wrong_text_of_long_ago():
    text = target.source()
    for number in range(12):
        target.lines(number)
    names = {}
    exec(text, names)
    assert names["result"] == 2


def test_right_values_and_what_the_library_compiles():
    assert eval("(1, 2)") == (1, 2)
    assert collections.namedtuple("Pair", "one two")(1, 2).two == 2
