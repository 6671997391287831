import wave

from target import add


def test_wrong_add():
    assert add(1, 2) == 3


def test_right_wave():
    assert wave.Error
