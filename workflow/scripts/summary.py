"""Summarise every training of a dataset in one table, dropped cells with their reasons."""

import logging

import pandas as pd

from finefield.files import store
from finefield.tables.summary import COLUMNS, summary_row
from scripts.job import run


def main(snakemake):
    inputs, params, rows = snakemake.input, snakemake.params, []
    for i, (model, stimulus, cell) in enumerate(params.trainings):
        row = {"cell": cell, "model": model, "stimulus": stimulus}
        if reason := store.dropped_reason([inputs.models[i]]):
            row["note"] = f"dropped: {reason}"
            logging.warning("cell %s dropped: %s", cell, reason)
        else:
            seconds = pd.read_csv(inputs.seconds[i], sep="\t")["s"][0]
            matching = store.read(inputs.matching[i]) if inputs.matching else None
            data = store.read(inputs.models[i]), store.read(inputs.sta[i]), matching
            row |= summary_row(*data, seconds, params.recovered_cosine)
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.astype({"n_subunits": "Int64", "n_recovered": "Int64"})
    with store.whole(snakemake.output[0]) as part:
        table.to_csv(part, index=False, float_format="%.4g")
    logging.info("%s\n%s", snakemake.output[0], table.to_string(index=False, na_rep=""))


run(main, snakemake, [])
