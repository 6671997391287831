"""Golden files: what a report looked like when somebody last looked at it and liked it."""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one flag that writes the golden files anew."""
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files of the reports anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name, or write the file when asked to."""
    refresh = request.config.getoption("--refresh-golden", default=False)

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if refresh:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{name} differs; if it is better now, run pytest --refresh-golden"

    return compare
