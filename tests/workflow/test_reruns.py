"""After a change of the config, the jobs that depend on it run again, and no others."""

import re
from copy import deepcopy
from pathlib import Path

from helpers.graph import CELLS, cells

#: Reads files of the dataset's first cell alone.
OF_FIRST = {"plot_paper_simulated"}


def test_nothing_to_do_after_a_run(finished):
    assert finished.plan() == {}
    assert "Nothing to be done" in finished.run("--dry-run")


def test_the_plan_counts_every_job_of_a_dry_run(copied):
    """Also those that run only because another job changes their inputs."""
    with copied.config() as config:
        config["datasets"]["toy"]["cells"]["left"]["output"]["threshold"] = 0.4
    said = copied.run("--dry-run")
    jobs = {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", said, re.MULTILINE)}
    plan = copied.plan()
    total = jobs.pop("total") - jobs.pop("all")
    # The tables of cells and of subunits are made twice, as NetCDF and as CSV, by one job, and so
    # are both figures of subunits, of transfer and of a simulated cell, filters with their pruning,
    # and a page with its film.
    made = {rule: {Path(path).with_suffix("") for path in paths} for rule, paths in plan.items()}
    made["plot_subunits"] = {one for one in made["plot_subunits"] if "mosaic" not in one.name}
    made["filters"] = {one for one in made["filters"] if "pruning" not in one.parts}
    made["plot_cell"] = {one for one in made["plot_cell"] if "_film" not in one.name}
    made["plot_transfer"] = made["plot_paper_simulated"] = {"one"}
    made["report_pages"] = {one for one in made["report_pages"] if one.name == "overview"}
    assert jobs == {rule: len(paths) for rule, paths in made.items()}
    assert total == sum(jobs.values())
    assert "input files updated by another job" in said.lower()


def test_a_cells_threshold_concerns_its_own_chain_and_what_compares_cells(copied, graph):
    with copied.config() as config:
        config["datasets"]["toy"]["cells"]["left"]["output"]["threshold"] = 0.4
    plan = copied.plan()
    assert set(plan) == graph.after("define_cell", "simulate_responses")
    # Every network is asked about the changed cell.
    assert cells(plan.pop("transfer")) == CELLS
    for rule in graph.per_cell & set(plan):
        assert cells(plan[rule]) == {"left"}, rule


def test_a_new_cell_leaves_the_others_alone(copied, graph):
    with copied.config() as config:
        several = config["datasets"]["toy"]["cells"]
        several["middle"] = deepcopy(several["left"]) | {"crop": {"y": 1, "x": 3, "height": 6}}
        several["middle"]["crop"]["width"] = 6
    plan = copied.plan()
    assert set(plan) == graph.after("define_cell", "simulate_responses") - OF_FIRST
    # Every network is asked about the new cell.
    assert cells(plan.pop("transfer")) == CELLS | {"middle"}
    for rule in graph.per_cell & set(plan):
        assert cells(plan[rule]) == {"middle"}, rule


def test_a_cell_taken_away_trains_nothing(copied, graph):
    with copied.config() as config:
        del config["datasets"]["toy"]["cells"]["silent"]
    plan = copied.plan()
    assert cells(plan.pop("transfer")) == {"left", "right"}
    assert set(plan) == graph.after("define_cell") - graph.per_cell - OF_FIRST


def test_another_seed_concerns_everything(finished):
    plan = finished.plan("--config", "seed=4")
    assert set().union(*plan.values()) == set(finished.made())


def test_the_models_settings_leave_stimulus_cells_and_sta_alone(copied, graph):
    with copied.config() as config:
        config["models"]["small"]["filter_l1"] = 0.01
    assert set(copied.plan()) == graph.after("train")


def test_the_recovery_limit_concerns_matching_and_the_summary_alone(copied, graph):
    with copied.config() as config:
        config["filters"] = {"recovered_cosine": 0.8}
    assert set(copied.plan()) == graph.after("matching", "summary")


def test_a_colour_redraws_figures_and_nothing_else(copied, graph):
    with copied.config() as config:
        config["figures"] = {"predicted_color": "#009e73"}
    assert set(copied.plan()) == {rule for rule in graph.readers if rule.startswith("plot_")}
    name = "results/toy/figures/small/noise/left.svg"
    assert "#009e73" not in (copied.folder / name).read_text()
    before = copied.made()
    copied.run("--cores", "2", name)
    drawn = {one for one, made in copied.made().items() if made != before[one]}
    assert drawn == {name, name.replace(".svg", "_film.gif")}
    assert "#009e73" in (copied.folder / name).read_text()
    assert not copied.plan(name)


def test_a_caption_concerns_the_report_alone(copied):
    copied.edit("workflow/report/cell.rst", "\nA further sentence.\n")
    assert copied.plan() == {}


def test_a_renamed_dataset_is_another(copied, graph):
    with copied.config() as config:
        config["datasets"]["tin"] = config["datasets"].pop("toy")
    plan = copied.plan()
    assert set(plan) == set(graph.readers) - {"all"}
    assert all(path.startswith("results/tin/") for paths in plan.values() for path in paths)


def test_comments_and_order_of_the_config_rerun_nothing(copied):
    with copied.config() as config:
        for key in ("models", "seed"):
            config[key] = config.pop(key)
        config["datasets"]["toy"]["cells"]["left"]["polarity"] = "OFF"  # the default
    copied.edit("config/config.yaml", "# a comment\n")
    assert copied.plan() == {}
