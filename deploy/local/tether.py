"""Run a command that cannot outlive the process that started it.

`python -I -S tether.py PARENT_PID COMMAND...` asks the kernel (Linux, `PR_SET_PDEATHSIG`) to kill this process when
its parent ends, even by SIGKILL, and becomes the command. A small launcher and not a `preexec_fn`, since Python code
between fork and exec can hang in a program that has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent and become the command; end at once if the parent has gone already."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os._exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the command is the caller's own


if __name__ == "__main__":
    main()
