"""The folder in which a run works: whether it can be written, its lock, and the logs of its jobs.

Snakemake locks the folder in which it works by files in ``.snakemake/locks``, which a killed run
leaves behind. A run of Finefield then writes the name of its host into ``.snakemake/host``. The run
and each of its jobs hold this file by flock(2), which ends with the process, whatever ends the
process.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from finefield.base.errors import UserError

try:
    import fcntl
except ImportError:  # Windows, where users remove the lock of a killed run themselves
    fcntl = None

#: Where a run writes.
WRITTEN = Path("results"), Path("logs"), Path(".snakemake")
LOCKS = Path(".snakemake/locks")
#: Not in the folder of locks, which Snakemake removes while the file is open.
HOST = Path(".snakemake/host")
#: How Snakemake's plugin for Slurm names jobs: all jobs of a run have one UUID.
NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
#: The last words of a job that ended well.
DONE = "done in"
#: How many logs of failed jobs are shown, and how many of their last lines.
N_LOGS, N_LINES = 3, 30
#: Files that stay open as long as this process lives.
_held = []


def check_writable() -> None:
    """Raise UserError if a run cannot write where it has to."""
    for path in WRITTEN:
        there = path if path.exists() else Path()
        if not os.access(there, os.W_OK):
            thing, got = f"the folder {there.resolve()}", "a folder that cannot be written"
            fix = "correct its permissions, or run elsewhere: a run writes where it is started"
            raise UserError(thing, got, "permission to write it", fix)


def mark() -> None:
    """Say which host has locked the folder, and hold the lock until this process ends."""
    # A run that is told to do without a lock may go on beside one that has it.
    if any(LOCKS.glob("*.lock")) and not _marked():
        HOST.write_text(socket.gethostname())
        hold()


def hold() -> None:
    """Hold the lock of the folder's run until this process ends."""
    if _marked():
        _held.append(HOST.open())
        with suppress(OSError):  # no flock in this file system: no lock is taken for a stale one
            fcntl.flock(_held[-1], fcntl.LOCK_SH | fcntl.LOCK_NB)


def remove_stale() -> str:
    """Remove the lock of a run that is certainly gone, and cancel what Slurm has of its jobs.

    Returns
    -------
    str
        What to tell the user; nothing if the folder has no lock whose host is known.

    Notes
    -----
    Some file systems that hosts share keep flock to one host. The lock of another host is therefore
    never removed.
    """
    if not _marked():
        return ""
    with HOST.open("r+") as file:
        host = file.read()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Two runs in one folder may be on two hosts.
            sure = host == socket.gethostname() and _is_alone()
        except BlockingIOError:
            return f"A run in this folder, on {host}, or one of its jobs is still going."
        except OSError:
            sure = False
        if not _marked():
            return ""  # another process was faster
        if not sure:
            return (
                f"This folder is locked by a run on {host}, which may still be going. "
                f"Fix: repeat the command on {host}, or give --unlock once if the run is gone"
            )
        if cancelled := _cancel_jobs():
            cancelled = f", and its Slurm jobs {cancelled} are cancelled"
        shutil.rmtree(LOCKS)
    return f"An earlier run in this folder was killed: its lock is removed{cancelled}."


def _marked() -> bool:
    """Whether the folder is locked by a run that has said its host's name."""
    try:
        locked = max(path.stat().st_mtime_ns for path in LOCKS.glob("*.lock"))
        return fcntl is not None and HOST.stat().st_mtime_ns >= locked
    except (FileNotFoundError, ValueError):  # no lock, or none any more
        return False


def cancel_left() -> str:
    """Cancel what Slurm still has of the jobs of a run that ends before they do.

    Snakemake cancels the jobs that it knows. While it asks Slurm for their states it knows none,
    and a job that is just submitted is known a moment later.

    Returns
    -------
    str
        What to tell the user; nothing if no job is left, or another run may go on in the folder.
    """
    jobs = _cancel_jobs() if _is_alone() else ""
    return jobs and f"Slurm jobs {jobs} are cancelled."


def _is_alone() -> bool:
    """Whether one run alone has locked the folder."""
    return len([*LOCKS.glob("*.output.lock")]) == 1


def _cancel_jobs() -> str:
    """Cancel the Slurm jobs of this folder and wait for their end; returns their numbers."""
    if jobs := _slurm_jobs():
        subprocess.run(["scancel", *jobs], check=False)
    give_up = time.monotonic() + 60
    while _slurm_jobs() and time.monotonic() < give_up:
        time.sleep(1)
    return ", ".join(jobs)


def _slurm_jobs() -> list[str]:
    """Numbers of the user's jobs in Slurm that a run of Snakemake in this folder has submitted."""
    command = ["squeue", "--me", "--noheader", "--format=%A|%j|%Z"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []  # no Slurm here
    jobs = [line.split("|", 2) for line in said.splitlines()]
    here = str(Path.cwd())
    return sorted({number for number, name, folder in jobs if NAME.search(name) and folder == here})


def failures(since: float) -> str:
    """The last lines of the logs of failed jobs, for the end of a run.

    Parameters
    ----------
    since : float
        When the run began [s since 1970]; older logs are those of other runs.

    Returns
    -------
    str
        Path and last lines of each log in ``logs`` that does not end as that of a job that is done,
        and what Slurm says of jobs that it has ended.
    """
    shown = []
    for path in _logs_since("logs", since):
        lines = path.read_text(errors="replace").splitlines()
        if not lines or f": {DONE} " not in lines[-1]:
            shown.append("\n    ".join([f"{path}:", *lines[-N_LINES:]]))
    more = [f"and {len(shown) - N_LOGS} logs more"] if len(shown) > N_LOGS else []
    for path in _logs_since(".snakemake/slurm_logs", since):
        lines = path.read_text(errors="replace").splitlines()
        more += [f"Slurm: {line}" for line in lines if line.startswith("slurmstepd")]
    return "\n".join(shown[:N_LOGS] + more)


def _logs_since(folder: str, since: float) -> list[Path]:
    return [path for path in sorted(Path(folder).rglob("*.log")) if path.stat().st_mtime >= since]
