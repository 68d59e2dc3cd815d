"""Write the pages of the report: what was run and what came out, and tables that sort."""

from pathlib import Path

import pandas as pd

from finefield.job import run
from finefield.reports import (
    Run,
    cells_page,
    networks_page,
    overview,
    read_times,
    save_page,
    transfer_page,
)
from finefield.tables import faults, read_quality


def report_pages(
    *,
    cells,
    summary,
    transfers,
    quality,
    model_names,
    stimulus_names,
    settings,
    wildcards,
    overview_page,
    cells_table,
    networks_table,
    transfer_table,
):
    known, scores = (pd.read_csv(path, dtype={"cell": str}) for path in (cells, summary))
    # Of simulated cells, there is no recording.
    recorded = zip(stimulus_names, map(read_quality, quality), strict=bool(quality))
    wrong = {name: faults(found) for name, found in recorded}
    # The prefix of a module is a part of its inputs' paths alone.
    times = read_times(Path(summary).parent / "benchmarks")
    about = Run(wildcards["dataset"], settings, times)
    grids = dict(zip(model_names, map(pd.read_csv, transfers), strict=True))
    save_page("Overview", overview(about, scores, known, wrong), overview_page)
    save_page("Cells", cells_page(known), cells_table)
    save_page("Networks", networks_page(scores), networks_table)
    save_page("Transfer", transfer_page(grids), transfer_table)


if __name__ == "__main__":
    run(report_pages, snakemake)
