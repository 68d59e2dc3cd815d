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


def shares(results: Path) -> str:
    """Seconds of all jobs of a run by Snakemake's measure, and of the program's own work in them.

    The difference is the start of Python, imports, and what Snakemake does for each job.
    """
    rows = []
    for path in sorted((results / "benchmarks").rglob("*.tsv")):
        log = results.parents[1] / "logs" / results.name / path.relative_to(results / "benchmarks")
        own = re.findall(r"done in ([\d.]+) s", log.with_suffix(".log").read_text())
        rows.append((float(pd.read_csv(path, sep="\t")["s"][0]), float(own[-1])))
    whole, own = pd.DataFrame(rows).sum()
    return (
        f"{len(rows)} jobs: {whole:.0f} s, of them {own:.0f} s the program's own work; "
        f"{(whole - own) / len(rows):.2f} s a job, {1 - own / whole:.0%}, are not."
    )


def lengths(results: Path) -> list[tuple[str, int, float]]:
    """Rows of what Slurm has for a hundred cells: group, jobs, and seconds of each.

    Seconds are those of a finished run, and the last row is the median over all jobs.
    """
    profile = yaml.safe_load(PROFILE.read_text())
    jobs = [
        (path.relative_to(results / "benchmarks").parts[0].removesuffix(".tsv"), path)
        for path in (results / "benchmarks").rglob("*.tsv")
    ]
    table = pd.DataFrame(
        [(rule, pd.read_csv(path, sep="\t")["s"][0]) for rule, path in jobs], columns=["rule", "s"]
    )
    rows = []
    for group, (number, rule) in GROUPS.items():
        inside = table[table["rule"].map(profile["groups"].get) == group]
        each = inside["s"].sum() / (inside["rule"] == rule).sum() if rule else inside["s"].mean()
        part = profile["group-components"][group]
        rows.append((group, number, inside["s"].sum() if group == "tables" else part * each))
    rows += [(rule, 1, table.loc[table["rule"] == rule, "s"].mean()) for rule in ALONE]
    numbers, seconds = zip(*(row[1:] for row in rows), strict=True)
    return [*rows, ("median", sum(numbers), float(np.median(np.repeat(seconds, numbers))))]


def main() -> None:
    """Print what planning costs, and the share and the lengths of a finished run."""
    results = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "results/simulated")
    rows = [planned(number) for number in CELLS]
    print(tables.table(("cells", "jobs", "dry run [s]", "memory [GB]"), rows))
    print(shares(results))
    print(tables.table(("jobs of Slurm", "number", "seconds of each"), lengths(results)))


if __name__ == "__main__":
    main()
