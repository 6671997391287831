"""Write JSON that is safe to keep and to show. Runs in: the command line."""

import json
from typing import Any

from grader.report.plain import without_surrogates


def document(data: Any) -> bytes:
    """Indented JSON in ASCII, which ends in a newline. Raises ValueError where a number is NaN or infinite."""
    text = json.dumps(without_surrogates(data), indent=2, allow_nan=False)
    return text.replace("\x7f", "\\u007f").encode("ascii") + b"\n"
