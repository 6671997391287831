"""What all processes that grade need, loaded once before they are forked. Runs in: command line."""

import gc

import pytest  # noqa: F401

from grader import collection, diagnosis, grading, process  # noqa: F401

gc.freeze()  # what is shared is not touched, and so not copied, when a fork looks for garbage
