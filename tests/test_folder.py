"""Locks of runs that are gone are told from those of runs that may be going; failed jobs speak."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from finefield import folder

#: A run: it says where it is, locks its folder as Snakemake does, and waits.
RUN = """
from finefield import folder
folder.claim()
(folder.LOCKS / "0.output.lock").touch()
print(flush=True)
input()
"""
#: A job of a run.
JOB = "from finefield import folder; folder.hold(); print(flush=True); input()"


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start a process in a folder with locks."""
    monkeypatch.chdir(tmp_path)
    folder.LOCKS.mkdir(parents=True)
    started = []

    def start(code):
        command = [sys.executable, "-c", code]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        started.append(subprocess.Popen(command, env=environment, **pipes))
        started[-1].stdout.readline()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_the_lock_of_a_killed_run_is_removed(start):
    run = start(RUN)
    assert "still going" in folder.remove_stale()
    assert folder.LOCKS.exists()
    kill(run)
    assert "was killed" in folder.remove_stale()
    assert not folder.LOCKS.exists()
    assert folder.remove_stale() == ""


def test_the_lock_stays_as_long_as_a_job_of_the_killed_run(start):
    run, job = start(RUN), start(JOB)
    kill(run)
    assert "one of its jobs is still going" in folder.remove_stale()
    kill(job)
    assert "was killed" in folder.remove_stale()


def test_the_lock_of_another_host_stays(start):
    kill(start(RUN))
    (folder.HOSTS / "elsewhere").touch()
    assert "elsewhere" in folder.remove_stale()
    (folder.HOSTS / socket.gethostname()).unlink()
    assert "a run on elsewhere, which may" in folder.remove_stale()
    assert folder.LOCKS.exists()


def test_the_lock_stays_if_another_run_has_one_too(start):
    kill(start(RUN))
    (folder.LOCKS / "1.output.lock").touch()
    assert "may still be going" in folder.remove_stale()
    assert folder.LOCKS.exists()


def test_a_lock_that_another_process_has_just_removed_is_no_longer_there(start, monkeypatch):
    kill(start(RUN))
    seen = iter([1, 0])
    monkeypatch.setattr(folder, "_n_locks", lambda: next(seen))
    assert folder.remove_stale() == ""


def test_a_run_that_ends_takes_its_word_back(start):
    first, second = start(RUN), start(RUN)
    first.communicate(b"\n")
    assert "still going" in folder.remove_stale()
    second.communicate(b"\n")
    assert first.returncode == second.returncode == 0
    assert not [*folder.HOSTS.iterdir()]
    # The lock is left to Snakemake, which says what to do.
    assert folder.remove_stale() == "" and folder.LOCKS.exists()


def test_the_lock_stays_in_a_file_system_without_flock(start, monkeypatch):
    kill(start(RUN))

    def flock(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(folder.fcntl, "flock", flock)
    assert "may still be going" in folder.remove_stale()
    assert folder.LOCKS.exists()


def test_failures_are_the_last_lines_of_logs_of_this_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    logs = tmp_path / "logs/toy/train"
    slurm = tmp_path / ".snakemake/slurm_logs/rule_train"
    logs.mkdir(parents=True)
    slurm.mkdir(parents=True)
    began = time.time()
    old = logs / "old.log"
    old.write_text("train toy old: failed\nan old error\n")
    os.utime(old, (began - 5, began - 5))
    (logs / "well.log").write_text("train toy well: done in 3.0 s\n")
    assert folder.failures(began - 1) == ""
    many = "".join(f"line {number}\n" for number in range(100))
    (logs / "a.log").write_text(f"{many}train toy a: failed\nTraceback\nZeroDivisionError: zero\n")
    (slurm / "7.log").write_text("Building\nslurmstepd: error: *** JOB 7 DUE TO TIME LIMIT ***\n")
    said = folder.failures(began - 1)
    assert said.startswith("logs/toy/train/a.log:")
    assert "ZeroDivisionError: zero" in said and "line 99" in said and "line 1\n" not in said
    assert said.endswith("Slurm: slurmstepd: error: *** JOB 7 DUE TO TIME LIMIT ***")
    for name in ("b", "c", "d", "e"):
        (logs / f"{name}.log").write_text("")  # killed before its first line
    assert "and 2 logs more" in folder.failures(began - 1)


def test_jobs_that_slurm_has_of_a_run_that_ends_are_cancelled(start, tmp_path, monkeypatch):
    run, name = start(RUN), "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
    jobs, cancelled = tmp_path / "jobs", tmp_path / "cancelled"
    slurm = {"squeue": f"cat {jobs}", "scancel": f'echo "$@" > {cancelled}; > {jobs}'}
    for program, line in slurm.items():
        path = tmp_path / program
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    ours, elsewhere, another = f"7|{name}|{tmp_path}", f"8|{name}|/", f"9|shell|{tmp_path}"
    jobs.write_text("\n".join((ours, elsewhere, another)))
    assert folder.cancel_left() == "Slurm jobs 7 are cancelled."
    assert cancelled.read_text() == "7\n"
    assert folder.cancel_left() == ""
    # Another run may go on in the folder.
    jobs.write_text(ours)
    (folder.LOCKS / "1.output.lock").touch()
    assert folder.cancel_left() == "" and jobs.read_text() == ours
    kill(run)
