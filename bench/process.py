"""What a process of ours costs, from /proc: CPU seconds of all its threads, resident memory."""

import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
USER_TICKS, SYSTEM_TICKS = 11, 12  # Fields of /proc/PID/stat, counted after the command's closing bracket.


def cpu_seconds(pid: int) -> float:
    """User and system time so far, of every thread."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[USER_TICKS]) + int(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND


def resident_megabytes(pid: int, *, peak: bool = False) -> float:
    """Memory that is in RAM now, or was at the highest."""
    key = "VmHWM" if peak else "VmRSS"
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) / 1024
