import target


def test_wrong_array():
    names = {}
    exec(target.pixels().tobytes(), names)
    assert names["result"] == 2


def test_wrong_bytes():
    names = {}
    exec(target.data(), names)
    assert names["result"] == 2


def test_wrong_characters():
    names = {}
    exec("".join(target.characters()), names)
    assert names["character"] == 2


def test_wrong_one_by_one():
    names = {}
    exec("".join(target.words()), names)
    assert names["word"] == 2


def test_right_text():
    names = {}
    exec("three = 3", names)
    assert names["three"] == 3
