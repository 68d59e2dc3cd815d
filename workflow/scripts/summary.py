"""Summarise every training of a dataset in one table, dropped cells with their reasons."""

import logging

from finefield.job import run
from finefield.tables import summary_table, write_csv


def summarise(*, models, matching, sta, trainings, recovered_cosine, output):
    table = summary_table(trainings, models, sta, matching, recovered_cosine)
    write_csv(output, table, index=False)
    logging.info("%s\n%s", output, table.to_string(index=False, na_rep=""))


if __name__ == "__main__":
    run(summarise, snakemake)
