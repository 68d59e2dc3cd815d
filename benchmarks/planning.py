"""What planning costs as cells grow in number, and the share of a run that is Snakemake's.

Usage: python benchmarks/planning.py [RESULTS]; prints tables for docs/benchmarks.md. RESULTS is the
folder of a dataset whose run is finished, by default that of the default run.
"""

import re
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import psutil
import tables
import yaml

ROOT = Path(__file__).parents[1]
CELLS = 10, 100, 1000


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
        log = ROOT / "logs" / results.name / path.relative_to(results / "benchmarks")
        own = re.findall(r"done in ([\d.]+) s", log.with_suffix(".log").read_text())
        rows.append((float(pd.read_csv(path, sep="\t")["s"][0]), float(own[-1])))
    whole, own = pd.DataFrame(rows).sum()
    return (
        f"{len(rows)} jobs: {whole:.0f} s, of them {own:.0f} s the program's own work; "
        f"{(whole - own) / len(rows):.2f} s a job, {1 - own / whole:.0%}, are not."
    )


def main() -> None:
    """Print what planning costs, and the share of a finished run."""
    results = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "results/simulated")
    rows = [planned(number) for number in CELLS]
    print(tables.table(("cells", "jobs", "dry run [s]", "memory [GB]"), rows))
    print(shares(results))


if __name__ == "__main__":
    main()
