"""Self-grading exercises on neural-network basics in NumPy.

The package imports nothing of its own here, so that `grade --help` stays fast.
"""

__version__ = "0.1.0"
