import os
import sys

import pytest
import target

secret = "secret"


class Holder:
    def method(self):
        return secret

    def generate(self):
        yield secret


def function(value=1):
    return secret


@pytest.mark.parametrize("value", [function, Holder(), Holder, Holder().method, lambda: secret, Holder().generate()])
def test_right_nothing(value):
    assert target.reach(value) == []


@pytest.mark.parametrize("name", ["request", "monkeypatch", "capsys", "tmp_path_factory", "pytestconfig", "recwarn"])
def test_wrong_fixture(name, request):
    assert target.take(request.getfixturevalue(name)) == 1


@pytest.mark.parametrize("value", [pytest.skip, pytest.importorskip, pytest.exit, sys, os, pytest, sys._getframe(), pytest.mark.skip])
def test_wrong_machinery(value):
    target.take(value)
    assert target.double(2) == 4


def test_wrong_double():
    assert target.double(2) == 4
