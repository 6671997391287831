"""What all processes that grade need, loaded once before they are forked. Runs in: command line."""

import pytest  # noqa: F401

from grader import collection, diagnosis, grading, illustration, process  # noqa: F401
from grader.data import where  # noqa: F401
