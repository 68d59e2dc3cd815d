"""A training that is killed goes on where it was, and its file is as if it had never been."""

import re
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


def kill_once_saved(project):
    """Start the training and kill its job, as when memory runs out."""
    process = project.start("--cores", "1", MODEL)
    give_up = time.monotonic() + 60
    while not (project.folder / STATE).exists():
        assert process.poll() is None and time.monotonic() < give_up
        time.sleep(0.01)
    jobs = psutil.Process(process.pid).children(recursive=True)
    jobs = [job for job in jobs if any(part.endswith(".train.py") for part in job.cmdline())]
    assert len(jobs) == 1
    jobs[0].kill()
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
