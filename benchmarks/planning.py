"""What planning and Snakemake cost as cells grow in number, and how long jobs of Slurm are.

Usage: python benchmarks/planning.py [RESULTS]; prints tables for docs/benchmarks.md. RESULTS is the
folder of a dataset whose run is finished, by default that of the default run.
"""

import re
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import tables
import yaml

ROOT = Path(__file__).parents[1]
CELLS = 10, 100, 1000
PROFILE = ROOT / "workflow/profiles/slurm/config.yaml"
#: Jobs of Slurm of a hundred cells with a network and a stimulus, as tests/workflow/cluster counts
#: them; and the rule of which each component of a group has one job.
GROUPS = {"cell": (5, "spike_triggered_average"), "network": (20, "filters"),
          "comparison": (10, None), "tables": (1, None)}  # fmt: skip
ALONE = "make_stimulus", "collect_targets"


def planned(n_cells: int) -> tuple[int, int, float, float]:
    """Cells, jobs, seconds and most memory [GB] of a dry run of the toy config with many cells."""
    config = yaml.safe_load((ROOT / "config/toy.yaml").read_text())
    toy = config["datasets"]["toy"]
    toy["cells"] = {f"cell{number}": toy["cells"]["left"] for number in range(n_cells)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_text(yaml.safe_dump(config))
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--snakefile"]
        command += [str(ROOT / "workflow/Snakefile"), "--configfile", str(path)]
        with Path(folder, "said").open("w+") as said:
            start, most = time.perf_counter(), 0
            process = psutil.Popen(command, cwd=folder, stdout=said, stderr=said)
            while process.poll() is None:
                most = max(most, process.memory_info().rss)
                time.sleep(0.05)
            seconds = time.perf_counter() - start
            said.seek(0)
            n_jobs = int(re.search(r"^total +(\d+)", said.read(), re.MULTILINE)[1])
    return n_cells, n_jobs, seconds, most / 1e9


def measured(results: Path) -> pd.DataFrame:
    """Rule and seconds of a run's jobs: by Snakemake's measure, and of the program's own work."""
    rows = []
    for path in sorted((results / "benchmarks").rglob("*.tsv")):
        job = path.relative_to(results / "benchmarks").with_suffix("")
        log = (results.parents[1] / "logs" / results.name / job).with_suffix(".log").read_text()
        own = re.findall(r"done in ([\d.]+) s", log)[-1]
        rows.append((job.parts[0], pd.read_csv(path, sep="\t")["s"][0], float(own)))
    return pd.DataFrame(rows, columns=["rule", "s", "own"])


def shares(jobs: pd.DataFrame) -> str:
    """Seconds of all jobs of a run, and of the program's own work in them.

    The difference is the start of Python, imports, and what Snakemake does for each job.
    """
    whole, own = jobs["s"].sum(), jobs["own"].sum()
    return (
        f"{len(jobs)} jobs: {whole:.0f} s, of them {own:.0f} s the program's own work; "
        f"{(whole - own) / len(jobs):.2f} s a job, {1 - own / whole:.0%}, are not."
    )


def lengths(jobs: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Rows of what Slurm has for a hundred cells: group, jobs, and seconds of each.

    Seconds are those of a finished run, and the last row is the median over all jobs.
    """
    profile, seconds = yaml.safe_load(PROFILE.read_text()), jobs["s"]
    rows = []
    for group, (number, rule) in GROUPS.items():
        inside = jobs["rule"].map(profile["groups"].get) == group
        whole, part = seconds[inside].sum(), profile["group-components"][group]
        components = (jobs["rule"] == rule).sum() if rule else inside.sum()
        rows.append((group, number, whole if group == "tables" else part * whole / components))
    rows += [(rule, 1, seconds[jobs["rule"] == rule].mean()) for rule in ALONE]
    numbers, each = zip(*(row[1:] for row in rows), strict=True)
    return [*rows, ("median", sum(numbers), float(np.median(np.repeat(each, numbers))))]


def main() -> None:
    """Print what planning costs, and the share and the lengths of a finished run."""
    results = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "results/simulated")
    rows = [planned(number) for number in CELLS]
    print(tables.table(("cells", "jobs", "dry run [s]", "memory [GB]"), rows))
    jobs = measured(results)
    print(shares(jobs))
    print(tables.table(("jobs of Slurm", "number", "seconds of each"), lengths(jobs)))


if __name__ == "__main__":
    main()
