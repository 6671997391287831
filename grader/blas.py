"""How many threads NumPy computes with: one. Runs in: trusted.

Grading has a process for each core, and on a busy machine several threads of each wait for each other most of the time;
a process that was forked after they began waits for ever longer ones.
"""

import os
import sys
from functools import cache

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


@cache
def one_thread() -> bool:
    """See to it, here and in all processes to come, but where the user has set another number.

    To be called before NumPy is loaded, when these variables are read. False where that was too late.
    """
    in_time = "numpy" not in sys.modules or not ONE_THREAD.keys() - os.environ.keys()
    for name, number in ONE_THREAD.items():
        os.environ.setdefault(name, number)
    return in_time
