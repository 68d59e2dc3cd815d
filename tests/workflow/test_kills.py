"""A run that is killed at any moment ends as one that never was, and does no job twice."""

import os
import re
import shutil
import signal
import subprocess
import time

import numpy as np
import pytest

pytestmark = pytest.mark.slow

KILLS = 20
CELL = "results/toy/cells/left.nc"


def run_for(project, seconds):
    """Run for some time, then kill the run with all its jobs.

    Returns
    -------
    bool
        Whether the run has ended by itself, as it should.
    set of str
        Jobs that are done.
    """
    process = project.start("--cores", "2", "--rerun-incomplete", start_new_session=True)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
    else:
        assert process.returncode == 0, said
    names = dict(re.findall(r"^Job (\d+): (.+)$", said, re.MULTILINE))
    done = re.findall(r"^Finished jobid: (\d+)", said, re.MULTILINE)
    return process.returncode == 0, {names[number] for number in done if number in names}


def test_a_run_that_is_killed_at_random_moments_ends_as_one_that_is_not(project, finished):
    """The same command each time; once the run is whole, another begins."""
    expected, rng = finished.contents(), np.random.default_rng(0)
    n_kills, n_runs, done = 0, 0, set()
    while n_kills < KILLS or done:
        seconds = rng.uniform(0, 12) if n_kills < KILLS else None
        whole, now = run_for(project, seconds)
        assert not now & done
        done |= now
        if not whole:
            n_kills += 1
            made = {name for name in project.contents() if not name.endswith(".part")}
            assert made <= expected.keys()
            continue
        assert project.contents() == expected and len(done) > 30
        assert "Nothing to be done" in project.run("--dry-run")
        for folder in ("results", "logs", ".snakemake"):
            shutil.rmtree(project.folder / folder)
        n_runs, done = n_runs + 1, set()
    assert n_runs


def test_a_run_that_is_killed_as_soon_as_it_locks_its_folder_leaves_no_lock(project):
    process = project.start("--cores", "1", CELL, start_new_session=True)
    while not (locks := [*project.folder.glob(".snakemake/locks/*")]) and process.poll() is None:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert locks and not (project.folder / CELL).exists()
    assert "its lock is removed" in project.run("--cores", "1", CELL)
    assert not [*project.folder.glob(".snakemake/hosts/*")]
