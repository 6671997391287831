def check(value, expected):
    assert value == expected
