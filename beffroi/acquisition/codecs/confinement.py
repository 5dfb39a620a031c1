"""What the operating system itself forbids a worker, whatever its codec finds to exploit."""

import ctypes
import os
import resource
import signal

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
PAGE = resource.getpagesize()


def bind_to_parent(parent: int) -> None:
    """Dies with the thread that started it, and gains no privilege by running another program."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # gone before it was asked for
        os._exit(1)


class Memory:
    """Of this process, read from a file that stays open when no other can be opened."""

    def __init__(self) -> None:
        self._file = os.open("/proc/self/statm", os.O_RDONLY)

    def mapped(self) -> int:
        return self._pages(0) * PAGE

    def resident(self) -> int:
        return self._pages(1) * PAGE

    def _pages(self, column: int) -> int:
        return int(os.pread(self._file, 200, 0).split()[column])


def close_doors(memory: int) -> None:
    """No file and no socket can be opened any more, none grown, no core dumped, no more than `memory` bytes mapped."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 0,
    }
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def grant_seconds(seconds: float) -> None:
    """This much more of processor time, for when nobody is left to kill this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    granted = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (granted, resource.RLIM_INFINITY))
