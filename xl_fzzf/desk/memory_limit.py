"""A limit on the memory of this process, set by itself: more fails there, and nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import Structure

_EXTENDED, _PROCESS_MEMORY = 9, 0x100
"""Of winnt.h: JobObjectExtendedLimitInformation, JOB_OBJECT_LIMIT_PROCESS_MEMORY."""


def limit_memory(more: int) -> None:
    """Let this process have `more` bytes above what it has now; only Linux and Windows can."""
    if sys.platform == "linux":
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    elif sys.platform == "win32":
        _limit_windows(more)


def _limit_windows(more: int) -> None:
    """Put the process into a job object of its own; a refusal leaves it without a limit.

    Not yet run on Windows: docs/excel-checklist.md.
    """
    if sys.platform != "win32":
        return
    import ctypes

    kernel, handle = ctypes.WinDLL("kernel32"), ctypes.c_void_p
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = handle
    kernel.SetInformationJobObject.argtypes = (handle, ctypes.c_int, handle, ctypes.c_uint32)
    kernel.AssignProcessToJobObject.argtypes = (handle, handle)
    job = kernel.CreateJobObjectW(None, None)  # never closed: it lives as long as the process
    limits = _limits(more)
    kernel.SetInformationJobObject(job, _EXTENDED, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())


def _limits(more: int) -> Structure:
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION (winnt.h) that limits the memory of each process."""
    from ctypes import Structure, c_size_t, c_uint32, c_uint64

    class Limits(Structure):
        _fields_ = (
            ("times", c_uint64 * 2),
            ("flags", c_uint32),
            ("working_set", c_size_t * 2),
            ("processes", c_uint32),
            ("affinity", c_size_t),
            ("priority_and_scheduling", c_uint32 * 2),
            ("transfers", c_uint64 * 6),
            ("process_memory", c_size_t),
            ("job_memory_and_peaks", c_size_t * 3),
        )

    return Limits(flags=_PROCESS_MEMORY, process_memory=more)
