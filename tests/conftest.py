"""What all tests share: the one flag that writes golden files anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag."""
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files anew")
