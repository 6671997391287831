import doctest
import io
import unittest
from contextlib import redirect_stdout

import target


def test_wrong_module():
    assert doctest.testmod(target).attempted > 5


def test_wrong_function():
    said = io.StringIO()
    with redirect_stdout(said):
        doctest.run_docstring_examples(target.add, {})
    assert not said.getvalue()


def test_wrong_suite():
    found = doctest.DocTestSuite(target)
    result = unittest.TestResult()
    found.run(result)
    assert result.testsRun > 5


def test_right_text():
    assert ">>>" in target.add.__doc__
