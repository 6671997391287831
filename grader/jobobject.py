"""A job object for a learner's process on Windows. Runs in: every trusted process.

All processes of a job end when the last handle to it is closed, as it is when the grader ends, however that comes; the
job also caps memory and the number of processes. Written from Microsoft's documentation and not yet tried on Windows.
Source: https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

import ctypes
import sys

_EXTENDED_LIMIT_INFORMATION = 9
_ACTIVE_PROCESS, _PROCESS_MEMORY, _DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x8, 0x100, 0x400, 0x2000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def limits(memory_bytes: int) -> ExtendedLimits:
    """One process, that much memory, no dialogue of an error that waits for somebody, and an end with the job's."""
    asked = ExtendedLimits()
    asked.BasicLimitInformation.LimitFlags = _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_EXCEPTION | _KILL_ON_CLOSE
    asked.BasicLimitInformation.ActiveProcessLimit = 1
    asked.ProcessMemoryLimit = memory_bytes
    return asked


def enclose(process: int, memory_bytes: int) -> None:
    """Put the process of that handle into a new job, whose handle stays open while this side lives. Raises OSError."""
    if sys.platform != "win32":
        raise OSError("job objects are a part of Windows")
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job = kernel.CreateJobObjectW(None, None)
    asked = limits(memory_bytes)
    pointer, size = ctypes.byref(asked), ctypes.sizeof(asked)
    if (
        not job
        or not kernel.SetInformationJobObject(ctypes.c_void_p(job), _EXTENDED_LIMIT_INFORMATION, pointer, size)
        or not kernel.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(process))
    ):
        raise ctypes.WinError(ctypes.get_last_error())
