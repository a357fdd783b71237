"""How many processes may work side by side."""

import os

from pumpproof.cli.errors import BadInput

_ALWAYS = 16
_PER_PROCESSOR = 4


def check_jobs(jobs: int) -> None:
    """Refuse no process at all, and so many that the machine would only be held up.

    Raises:
        BadInput: it is below 1, or above 16 and above four for each processor.
    """
    if jobs < 1:
        raise BadInput(f"--jobs {jobs}: give the number of processes, 1 or more")
    most = max(_ALWAYS, _PER_PROCESSOR * (os.cpu_count() or 1))
    if jobs > most:
        raise BadInput(f"--jobs {jobs}: give at most {most} processes on this machine")
