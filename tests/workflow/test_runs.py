"""A run makes every file it promises, described, whole and the same each time, or says why not."""

import re
from xml.etree import ElementTree

import netCDF4
import pandas as pd
import pytest
import xarray as xr

from finefield.base.glossary import DIMENSIONS
from finefield.tables.reference import FILES

CELLS = ("left", "right", "silent")
PER_CELL = (
    "cells/{}.nc",
    "responses/noise/{}.nc",
    "sta/noise/{}.nc",
    "models/small/noise/{}.nc",
    "filters/small/noise/{}.nc",
    "pruning/small/noise/{}.nc",
    "matching/small/noise/{}.nc",
    "stability/small/noise/{}.nc",
    "transfer/small/noise/{}.nc",
    "figures/small/noise/{}.svg",
    "figures/small/noise/{}_film.gif",
)
PER_DATASET = (
    "stimulus/noise.nc",
    "cells.nc",
    "cells.csv",
    "summary.csv",
    "subunits/small/noise.nc",
    "subunits/small/noise.csv",
    "targets/noise.nc",
    "transfer/small.nc",
    "transfer/small.csv",
    "figures/small/subunits_noise.svg",
    "figures/small/mosaic_noise.svg",
    "figures/small/transfer.svg",
    "figures/small/similarity.svg",
    "figures/summary.svg",
    "figures/field.svg",
    "figures/paper/1.svg",
    "figures/paper/2.svg",
    "figures/paper/5.svg",
    "report/overview.html",
    "report/cells.html",
    "report/networks.html",
    "report/transfer.html",
)
PROMISED = {f"results/toy/{name}" for name in PER_DATASET} | {
    f"results/toy/{pattern.format(cell)}" for pattern in PER_CELL for cell in CELLS
}
COLUMNS = (
    "cell,model,stimulus,tested_on,correlation,ln_correlation,noise_ceiling,single_correlation,"
    "ln_single_correlation,bits_per_spike,ln_bits_per_spike,n_subunits,n_recovered,mean_cosine,"
    "distinct_filters,note"
)
ATTRIBUTES = ("title", "history", "finefield_version", "seed", "config_json")


#: Pattern of the path of a kind of file -> what it declares.
DECLARED = {
    re.compile("results/toy/" + re.sub(r"\{\w+\}", r"[\\w-]+", file.path)): file for file in FILES
}


def declared(name):
    """What the kind of a file declares."""
    (found,) = [file for pattern, file in DECLARED.items() if pattern.fullmatch(name)]
    return found


def test_a_run_makes_what_it_promises_and_nothing_else(first_run):
    project, said = first_run
    assert set(project.made()) == PROMISED
    assert "41 of 41 steps (100%) done" in said
    (looks,) = re.findall(r"toy: look first at (.*)", said)
    assert len(looks.split(", ")) == 3 and set(looks.split(", ")) <= PROMISED
    assert "make report" in said.partition("look first")[2]
    assert not [name for name in project.files("**/.*.part") if "results" in name]


def test_every_job_leaves_a_log_and_a_benchmark(finished):
    logs = finished.files("logs/**/*")
    names = {re.sub(r"^results/toy/benchmarks/|\.tsv$", "", name) for name in finished.files(
        "results/toy/benchmarks/**/*"
    )}  # fmt: skip
    assert {re.sub(r"^logs/toy/|\.log$", "", name) for name in logs} == names
    # One for each output; the tables of cells, of subunits and of transfer, the figures of
    # subunits, of transfer and of a simulated cell are two, and so are filters and pruning, the
    # page and the film of each cell; the pages of the report are four.
    assert len(logs) == len(PROMISED) - 9 - 2 * len(CELLS)
    for path in logs.values():
        assert re.search(r"done in \d+\.\d s", path.read_text()), path


def test_every_netcdf_file_is_a_tree_of_what_its_kind_declares(finished):
    files = finished.files("results/**/*.nc")
    assert len(files) == 1 + 1 + 1 + 1 + 1 + 3 * 9
    for name, path in files.items():
        with xr.open_datatree(path) as tree:
            found = {node.path.lstrip("/") or "/": node.to_dataset() for node in tree.subtree}
            if not any(data.variables for data in found.values()):
                assert name.endswith("silent.nc") and tree.attrs["dropped"], name
                continue
            assert set(ATTRIBUTES) <= set(tree.attrs) and tree.attrs["seed"] == 3, name
            for place, data in found.items():
                assert set(data.dims) <= set(DIMENSIONS), name
                group = declared(name).groups.get(place, {})
                for key, variable in data.variables.items():
                    assert variable.attrs["long_name"], (name, key)
                    if key not in DIMENSIONS:
                        one = group[key]
                        assert variable.dims == one.dims, (name, key)
                        assert variable.attrs["units"] == one.units, (name, key)


def test_every_cell_is_named_in_its_files(finished):
    for pattern in PER_CELL[1:7]:
        for cell in CELLS[:2]:
            path = finished.folder / "results/toy" / pattern.format(cell)
            with xr.open_datatree(path) as tree:
                named = [node["cell"].values.item() for node in tree.subtree if "cell" in node]
            assert set(named) == {cell}, path


def test_figures_are_pictures_of_some_content(finished):
    for name, path in finished.files("results/**/*.svg").items():
        root = ElementTree.parse(path).getroot()
        assert root.tag.endswith("svg")
        assert len(list(root.iter())) > (10 if "silent" in name else 50), name


def test_figures_say_what_the_files_hold(finished):
    folder = finished.folder / "results/toy"

    def said(name):
        """All words of a figure; a bracket or an accent may be an element of its own."""
        return " ".join(ElementTree.parse(folder / "figures" / name).getroot().itertext())

    page = said("small/noise/left.svg")
    n_spikes = xr.open_datatree(folder / "responses/noise/left.nc").attrs["n_spikes"]
    assert f"cell left · small · noise · n = {n_spikes:,} spikes" in page
    score = float(xr.open_dataset(folder / "models/small/noise/left.nc")["correlation"])
    assert f"{score:.3f}" in page or f"{score:.2f}" in page
    assert "2 of 3 cells" in said("field.svg") and "silent" in said("field.svg")
    assert {"left", "right"} <= set(said("small/transfer.svg").split())
    assert "small (n = 2 cells)" in said("summary.svg")


def test_summary_has_a_row_for_each_training(finished):
    path = finished.folder / "results/toy/summary.csv"
    assert path.read_text().splitlines()[0] == COLUMNS
    table = pd.read_csv(path).set_index("cell")
    assert list(table.index) == list(CELLS)
    kept = table.loc[["left", "right"]]
    assert kept[["correlation", "ln_correlation", "noise_ceiling"]].stack().between(0.3, 1).all()
    assert (kept["n_subunits"] == 2).all() and kept["note"].isna().all()
    for cell, row in kept.iterrows():
        with xr.open_dataset(finished.folder / f"results/toy/models/small/noise/{cell}.nc") as data:
            assert row["correlation"] == pytest.approx(float(data["correlation"]), abs=1e-4)


def test_a_silent_cell_is_dropped_and_named(finished):
    reason = "0 spikes in its training responses, fewer than"
    row = pd.read_csv(finished.folder / "results/toy/summary.csv").set_index("cell").loc["silent"]
    assert row["note"].startswith(f"dropped: {reason}")
    assert row.drop(["model", "stimulus", "note"]).isna().all()
    with xr.open_dataset(finished.folder / "results/toy/cells.nc") as cells:
        notes = dict(zip(cells["cell"].values, cells["note"].values, strict=True))
        assert notes.pop("silent").startswith(reason)
        assert notes == {"left": "", "right": ""}
    with xr.open_dataset(finished.folder / "results/toy/transfer/small.nc") as grid:
        correlation = grid["correlation"].squeeze()
        assert grid["source_cell"].values.tolist() == ["left", "right"]
        assert correlation.sel(target_cell="silent").isnull().all()
        assert correlation.sel(target_cell=["left", "right"]).notnull().all()
    assert "silent dropped" in (finished.folder / "logs/toy/summary/summary.log").read_text()
    assert (
        "silent dropped"
        in (finished.folder / "results/toy/figures/small/noise/silent.svg").read_text()
    )


@pytest.mark.slow
def test_one_core_and_fewer_cells_give_the_same_files(finished, project):
    with project.config() as config:
        del config["datasets"]["toy"]["cells"]["right"]
    names = [pattern.format("left") for pattern in PER_CELL if not pattern.startswith("transfer")]
    targets = [f"results/toy/{name}" for name in names]
    project.run("--cores", "1", *targets)
    for name in [*targets, "results/toy/stimulus/noise.nc"]:
        same = (project.folder / name).read_bytes() == (finished.folder / name).read_bytes()
        assert same, name


@pytest.mark.slow
def test_collected_files_are_the_same_each_time(finished, copied):
    rules = ("transfer", "collect_cells", "plot_summary")
    copied.run("--cores", "1", "--forcerun", *rules)
    before, after = finished.made(), copied.made()
    again = {name for name in before if after[name] != before[name]}
    assert again == {
        *(f"results/toy/transfer/small/noise/{cell}.nc" for cell in CELLS),
        *(
            f"results/toy/{name}"
            for name in PER_DATASET[1:]
            if name not in ("summary.csv", "targets/noise.nc")
            # Composites of a simulated cell compare no cells.
            and not name.startswith(("subunits", "figures/paper/1", "figures/paper/2"))
        ),
    }
    # The overview says how long jobs took.
    for name in again - {"results/toy/report/overview.html"}:
        same = (copied.folder / name).read_bytes() == (finished.folder / name).read_bytes()
        assert same, name


@pytest.mark.slow
def test_ready_jobs_are_looked_for_once_after_each_job(project):
    """Snakemake by itself looks every second, and once more for each job that has finished."""
    said = project.run("--cores", "1", "--verbose", "results/toy/summary.csv")
    n_jobs = said.count("Finished jobid")
    assert n_jobs > 10 and said.count("Waiting for running jobs") <= n_jobs + 1


MODEL = "results/toy/models/small/noise/left.nc"
FILTERS = "results/toy/filters/small/noise/left.nc"
PRUNING = "results/toy/pruning/small/noise/left.nc"
LOG = "logs/toy/filters/small/noise/left.log"


def failing(project):
    """Run a job that fails; returns its log, every line of which was on the screen too."""
    (project.folder / FILTERS).unlink()
    (project.folder / LOG).unlink()
    said = project.run("--cores", "2", FILTERS, fails=True)
    log = (project.folder / LOG).read_text()
    assert all(line in said for line in log.splitlines())
    assert FILTERS not in project.made()
    assert not project.files("results/**/.*.part")
    return log


def test_a_cut_off_file_is_named_with_its_fix(copied):
    path = copied.folder / MODEL
    path.write_bytes(path.read_bytes()[:-2000])
    log = failing(copied)
    assert f"{MODEL}: got " in log and "expected a whole NetCDF file" in log
    assert "Fix: delete it and run the workflow again" in log
    assert "Traceback" not in log
    # The fix that is named mends it.
    path.unlink()
    assert copied.plan(FILTERS) == {"train": {MODEL}, "filters": {FILTERS, PRUNING}}


def test_a_crash_leaves_its_traceback_in_the_log(copied):
    with netCDF4.Dataset(copied.folder / MODEL, "a") as data:
        data["filters"].renameVariable("weight", "mass")
    log = failing(copied)
    assert "Traceback (most recent call last)" in log and "in find_filters" in log
    assert "KeyError" in log and "'weight'" in log
