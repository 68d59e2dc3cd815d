"""Runs through the profile of Slurm, on a Slurm that the tests start."""

import re
import signal
from collections import Counter

import pytest
import xarray as xr
import yaml
from helpers import slurm
from helpers.project import ROOT, Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(slurm.why_not()), reason=slurm.why_not()),
]

#: As a user would, but that Slurm is asked for the first time a little earlier.
ON_SLURM = (
    "--workflow-profile",
    "workflow/profiles/slurm",
    "--slurm-init-seconds-before-status-checks",
    "2",
)
#: All tables, for which everything but figures is made.
TABLES = [
    f"results/toy/{name}.csv"
    for name in ("cells", "summary", "subunits/small/noise", "transfer/small")
]
CELL, STIMULUS = "results/toy/cells/left.nc", "results/toy/stimulus/noise.nc"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with slurm.running(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Make a project of two cells."""
    config = yaml.safe_load((ROOT / "config/toy.yaml").read_text())
    return lambda: Project.from_sources(tmp_path_factory.mktemp("toy") / "project", config)


def change(project, name, pattern, text):
    """Change one place of a file of the workflow."""
    path = project.folder / "workflow" / name
    changed, n_changes = re.subn(pattern, text, path.read_text(), count=1)
    assert n_changes == 1
    path.write_text(changed)


def begin_with(project, script, line):
    """Let a script's function begin with a line."""
    change(project, f"scripts/{script}.py", r"(?<=\):\n)", f"    {line}\n")


@pytest.fixture(scope="module", autouse=True)
def resubmitted(cluster, make):
    """Start a run of two jobs that at first ask for too little, beside all other tests."""
    project = make()
    begin_with(project, "make_stimulus", "import time; time.sleep(65)")
    change(project, "rules/stimulus.smk", r"runtime=growing\(\d+\)", "runtime=growing(1)")
    begin_with(project, "define_cell", "import time; held = b'1' * 600_000_000; time.sleep(5)")
    change(project, "rules/cells.smk", r"mem_mb=growing\(\d+\)", "mem_mb=growing(500)")
    process = project.start(*ON_SLURM, STIMULUS, CELL)
    yield project, process
    process.kill()
    process.wait()


def values(path):
    """What a table or NetCDF file holds; the digits of a number tell its every bit."""
    if path.suffix == ".csv":
        return path.read_text()
    return {
        (group, name): (one.dims, str(one.dtype), one.values.astype(str).tolist())
        for group, node in xr.open_datatree(path).subtree_with_keys
        for name, one in node.variables.items()
    }


def test_a_hundred_cells_are_few_jobs_of_slurm(tmp_path):
    config = yaml.safe_load((ROOT / "config/toy.yaml").read_text())
    toy = config["datasets"]["toy"]
    toy["cells"] = {f"cell{number}": toy["cells"]["left"] for number in range(100)}
    said = Project.from_sources(tmp_path / "project", config).run("--dry-run", *ON_SLURM)
    assert int(re.search(r"^total +(\d+)$", said, re.MULTILINE)[1]) == 914
    groups = Counter(re.findall(r"Group job (\w+)", said))
    assert groups == {"cell": 5, "network": 20, "comparison": 10, "tables": 1}
    # The stimulus, and the targets of transfer.
    assert len(re.findall(r"^Job \d+:", said, re.MULTILINE)) == 2


def test_results_are_those_of_a_local_run(cluster, make):
    project, local = make(), make()
    said = project.run(*ON_SLURM, *TABLES)
    local.run("--cores", "2", *TABLES)
    files = local.files("results/**/*.nc") | local.files("results/**/*.csv")
    assert set(TABLES) < files.keys() and len(files) > 20
    for name, path in files.items():
        assert values(project.folder / name) == values(path), name
    # The stimulus, cells, networks, targets, comparisons, and tables.
    jobs = cluster.ended(project.folder)
    assert [job["JobState"] for job in jobs] == ["COMPLETED"] * 6
    assert int(re.search(r"^total +(\d+)$", said, re.MULTILINE)[1]) == 22
    assert {job["Tres"].split(",")[0] for job in jobs} == {"cpu=1"}


def test_the_traceback_of_a_failed_job_is_said_at_the_end(cluster, make):
    project = make()
    begin_with(project, "define_cell", "1 / 0")
    said = project.run(*ON_SLURM, "--retries", "0", CELL, fails=True)
    end = said.partition("Jobs that failed")[2]
    assert "logs/toy/define_cell/left.log:" in end
    assert "ZeroDivisionError: division by zero" in end and "in define_cell" in end
    assert len(end.splitlines()) < 30


def test_no_job_outlives_its_run(cluster, make):
    project = make()
    begin_with(project, "define_cell", "import time; time.sleep(600)")
    change(project, "rules/cells.smk", r"runtime=growing\(\d+\)", "runtime=growing(20)")

    def started(*earlier):
        process = project.start(*ON_SLURM, CELL)
        cluster.wait(lambda: cluster.active(project.folder, "running") - {*earlier}, 300)
        return process, cluster.active(project.folder)

    # Killed: the job goes on, until the same command is repeated.
    killed, first = started()
    killed.kill()
    killed.communicate()
    assert cluster.active(project.folder) == first
    again, second = started(*first)
    assert not first & second
    again.send_signal(signal.SIGINT)
    said, _ = again.communicate()
    assert f"its lock is removed, and its Slurm jobs {', '.join(first)} are cancelled" in said
    cluster.wait(lambda: not cluster.active(project.folder), 60)
    assert {job["JobState"] for job in cluster.ended(project.folder)} == {"CANCELLED"}


def test_a_job_that_needs_more_is_submitted_again_with_more(cluster, resubmitted):
    """Slurm ends the job at its time limit, and the other when it outgrows its memory."""
    project, process = resubmitted
    said, _ = process.communicate()
    assert process.returncode == 0, said
    jobs = [
        (job["JobState"], int(job["TimeLimit"]), int(re.search(r"mem=(\d+)M", job["Tres"])[1]))
        for job in cluster.ended(project.folder)
    ]
    stimulus = [job for job in jobs if job[2] % 2000 == 0]
    # On a busy machine, twice the time may not be enough either.
    assert len(stimulus) in (2, 3) and {job[0] for job in stimulus[:-1]} == {"TIMEOUT"}
    asked = [(number, 2000 * number) for number in range(1, len(stimulus) + 1)]
    assert [job[1:] for job in stimulus] == asked and stimulus[-1][0] == "COMPLETED"
    cell = [(job[0], job[2]) for job in jobs if job not in stimulus]
    assert cell == [("FAILED", 500), ("COMPLETED", 1000)]
    assert (project.folder / STIMULUS).exists() and (project.folder / CELL).exists()
