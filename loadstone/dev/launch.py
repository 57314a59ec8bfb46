"""Becomes another program: gives up root, asks the kernel for a signal when our parent dies, then executes it.

Run as a script, by path: `python -I -S launch.py PARENT_PID DEATH_SIGNAL UID GID COMMAND...`; it may import the
standard library only. It is a program rather than a `preexec_fn` because Python code between fork and exec may
deadlock in a process with threads, and because giving up root clears the death signal.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death_signal: int, uid: int, gid: int, command: list[str]) -> None:
    if os.geteuid() == 0 and uid != 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            sys.exit("The process that asked for this one is gone.")
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
        signal.signal(ignored, signal.SIG_DFL)
    os.execv(command[0], command)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:5]]
    main(numbers[0], numbers[1], numbers[2], numbers[3], sys.argv[5:])
