"""Golden files: what a report looked like when somebody last looked at it and liked it."""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name, or write the file when asked to."""
    refresh = request.config.getoption("--refresh-golden")

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if refresh:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{name} differs; if it is better now, run pytest --refresh-golden"

    return compare
