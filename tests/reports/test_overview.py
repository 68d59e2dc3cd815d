"""The start page: how long jobs took, from the files that Snakemake writes."""

from finefield.reports.overview import read_times

#: A file of a job, and such files cut off in several ways, as on a full disk.
WHOLE = "s\th:m:s\tmax_rss\n{}\t0:00:02\t120.5\n"
CUT = "", "s\th:m", "s\th:m:s\tmax_rss\n", "s\th:m:s\tmax_rss\n\t0:00"


def test_files_that_are_cut_off_are_passed_over(tmp_path):
    for rule, contents in {
        "train": [WHOLE.format(2.5), *CUT, WHOLE.format(4)],
        "summary": CUT,
    }.items():
        folder = tmp_path / rule / "noise"
        folder.mkdir(parents=True)
        for number, content in enumerate(contents):
            (folder / f"{number}.tsv").write_text(content)
    assert read_times(tmp_path) == {"train": [2.5, 4.0]}
