"""What all processes that grade need, loaded once before they are forked. Runs in: command line."""

import pytest  # noqa: F401

from grader import collection, diagnosis, grading, process  # noqa: F401
