"""What all tests share: English, one thread for NumPy, the flag that writes golden files anew, patient properties."""

import os

import pytest
from hypothesis import HealthCheck, settings

from grader.blas import one_thread

os.environ["LANGUAGE"] = "en"  # whatever this machine speaks
one_thread()  # before any test loads NumPy, as in the command

# how long an example takes says how busy the machine is, not whether the code is right
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag."""
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files anew")
