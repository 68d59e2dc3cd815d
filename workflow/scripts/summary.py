"""Summarise every training of a dataset in one table, dropped cells with their reasons."""

import logging

import pandas as pd

from finefield.files import store
from finefield.job import run
from finefield.tables.summary import COLUMNS, summary_row


def summarise(*, models, seconds, matching, sta, trainings, recovered_cosine, output):
    rows = []
    for i, (model, stimulus, cell) in enumerate(trainings):
        row = {"cell": cell, "model": model, "stimulus": stimulus}
        if reason := store.dropped_reason([models[i]]):
            row["note"] = f"dropped: {reason}"
            logging.warning("cell %s dropped: %s", cell, reason)
        else:
            duration = pd.read_csv(seconds[i], sep="\t")["s"][0]
            matched = store.read(matching[i]) if matching else None
            data = store.read(models[i]), store.read(sta[i]), matched
            row |= summary_row(*data, duration, recovered_cosine)
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.astype({"n_subunits": "Int64", "n_recovered": "Int64"})
    with store.whole(output) as part:
        table.to_csv(part, index=False, float_format="%.4g")
    logging.info("%s\n%s", output, table.to_string(index=False, na_rep=""))


if __name__ == "__main__":
    run(summarise, snakemake)
