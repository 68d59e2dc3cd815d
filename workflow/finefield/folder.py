"""The folder in which a run works: whether it can be written, its lock, and the logs of its jobs.

Snakemake locks the folder in which it works by files in ``.snakemake/locks``, which a killed run
leaves behind. A run of Finefield therefore makes a file with the name of its host before Snakemake
makes the lock. The run and each of its jobs hold this file by flock(2), which ends with the
process, whatever ends the process.
"""

import atexit
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
#: Not in the folder of locks, which Snakemake removes while the files are open.
HOSTS = Path(".snakemake/hosts")
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


def claim() -> None:
    """Say that a run on this host may lock the folder, until this process ends by itself.

    To be called before Snakemake locks the folder. A process that is killed leaves its word behind.
    """
    if fcntl is None:
        return
    HOSTS.mkdir(parents=True, exist_ok=True)
    (HOSTS / socket.gethostname()).touch()
    hold()
    atexit.register(_withdraw)


def hold() -> None:
    """Hold what runs have said until this process ends."""
    for path in HOSTS.glob("*"):
        with suppress(OSError):  # gone, or no flock in this file system
            _held.append(path.open())
            fcntl.flock(_held[-1], fcntl.LOCK_SH | fcntl.LOCK_NB)


def _withdraw() -> None:
    """Take back what this process has said, if no other process holds it."""
    while _held:
        _held.pop().close()
    path = HOSTS / socket.gethostname()
    with suppress(OSError), path.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


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
    here, hosts = socket.gethostname(), sorted(path.name for path in HOSTS.glob("*"))
    if not hosts or not _n_locks():
        return ""
    try:
        with (HOSTS / here).open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _n_locks():
                return ""  # another process was faster
            if hosts == [here] and _n_locks() == 1:
                if cancelled := _cancel_jobs():
                    cancelled = f", and its Slurm jobs {cancelled} are cancelled"
                shutil.rmtree(LOCKS)
                return f"An earlier run in this folder was killed: its lock is removed{cancelled}."
    except BlockingIOError:
        return "A run in this folder or one of its jobs is still going."
    except OSError:  # a run of another host alone, or no flock in this file system
        pass
    names = " or ".join(hosts)
    return (
        f"This folder is locked by a run on {names}, which may still be going. "
        f"Fix: repeat the command on {names}, or give --unlock once if the run is gone"
    )


def cancel_left() -> str:
    """Cancel what Slurm still has of the jobs of a run that ends before they do.

    Snakemake cancels the jobs that it knows. While it asks Slurm for their states it knows none,
    and a job that is just submitted is known a moment later.

    Returns
    -------
    str
        What to tell the user; nothing if no job is left, or another run may go on in the folder.
    """
    jobs = _cancel_jobs() if _n_locks() == 1 else ""
    return jobs and f"Slurm jobs {jobs} are cancelled."


def _n_locks() -> int:
    """How many runs have locked the folder."""
    return max(len([*LOCKS.glob(f"*.{files}.lock")]) for files in ("input", "output"))


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
