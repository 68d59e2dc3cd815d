"""A run that is killed goes on where it was, and its files are as if it had never been killed."""

import os
import re
import signal
import time

import psutil
import pytest

pytestmark = pytest.mark.slow

MODEL = "results/toy/models/small/noise/left.nc"
STATE = f"{MODEL}.checkpoint"
LOG = "logs/toy/train/small/noise/left.log"
STEPS = 1500


@pytest.fixture
def training(copied):
    """The toy project with a training of several seconds left to do, its state saved often."""
    with copied.config() as config:
        config["models"]["small"] |= {"steps": STEPS, "check_every": 50, "patience": STEPS}
        config["models"]["small"] |= {"seeds": 2, "conv_noise": 0.1, "drift_trials": 5}
    path = copied.folder / "workflow/finefield/networks/training/checkpoint.py"
    text, n_changes = re.subn(r"interval: float = [\d.]+", "interval: float = 0", path.read_text())
    assert n_changes == 1
    path.write_text(text)
    assert copied.plan(MODEL) == {"train": {MODEL}}
    return copied


def start_until_saved(project):
    """Start the training; returns the run and its job, the training's state being saved."""
    process = project.start("--cores", "1", MODEL, start_new_session=True)
    give_up = time.monotonic() + 300
    while not (project.folder / STATE).exists():
        assert process.poll() is None and time.monotonic() < give_up
        time.sleep(0.01)
    jobs = psutil.Process(process.pid).children(recursive=True)
    (job,) = (job for job in jobs if any(part.endswith(".train.py") for part in job.cmdline()))
    return process, job


def kill_once_saved(project):
    """Start the training and kill its job, as when memory runs out."""
    process, job = start_until_saved(project)
    job.kill()
    said, _ = process.communicate()
    assert process.returncode != 0, said


def train(project, steps):
    """Run the training to its end; returns its log and its file."""
    with project.config() as config:
        config["models"]["small"]["steps"] = steps
    project.run("--cores", "1", MODEL)
    assert not (project.folder / STATE).exists()
    log = (project.folder / LOG).read_text()
    assert f"step {steps} of {steps}" in log
    return log, (project.folder / MODEL).read_bytes()


def test_a_killed_training_goes_on_and_gives_the_same_file(training):
    kill_once_saved(training)
    state = (training.folder / STATE).read_bytes()
    assert not (training.folder / MODEL).exists()
    log, resumed = train(training, STEPS)
    (step,) = re.findall(rf"going on at step (\d+), from {STATE}", log)
    assert 0 < int(step) < STEPS
    # The state is of no use to a training with other settings.
    (training.folder / STATE).write_bytes(state)
    assert "going on" not in train(training, 50)[0]
    log, whole = train(training, STEPS)
    assert "going on" not in log and whole == resumed


def test_after_a_kill_of_run_and_job_the_same_command_goes_on(training):
    process, job = start_until_saved(training)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    job.wait()
    assert list(training.files(".snakemake/locks/*.lock"))
    # A dry run changes nothing.
    assert "1 of" not in training.run("--dry-run", MODEL)
    assert list(training.files(".snakemake/locks/*.lock"))
    said = training.run("--cores", "1", MODEL)
    assert said.count("An earlier run in this folder was killed: its lock is removed.") == 1
    assert (training.folder / MODEL).exists() and not training.files(".snakemake/locks/*")
    assert "lock" not in training.run("--cores", "1", MODEL)


def test_a_lock_that_may_be_live_is_respected(training):
    process, job = start_until_saved(training)
    command = ("--cores", "1", MODEL)
    job.suspend()
    for end in (None, process.kill):
        if end:  # the run alone: its job is left behind
            end()
            process.wait()
        said = training.run(*command, fails=True)
        assert "or one of its jobs is still going" in said and "cannot be locked" in said
    job.kill()
    process.communicate()
    (host,) = (training.folder / ".snakemake/hosts").iterdir()
    host.rename(host.with_name("elsewhere"))
    said = training.run(*command, fails=True)
    assert "locked by a run on elsewhere, which may still be going" in said
    training.run("--unlock")
    training.run(*command)
    assert (training.folder / MODEL).exists()
