"""After a change of config or code, the jobs that depend on it run again, and no others."""

import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from finefield.base import provenance

CELLS = {"left", "right", "silent"}
#: Reads files of the dataset's first cell alone.
OF_FIRST = {"plot_paper_simulated"}
#: Prints, for each script, which of the workflow's modules importing it really loads.
LOADED = """
import json, os, sys
import matplotlib.figure, netCDF4, numba, pandas, torch, xarray
import scipy.io, scipy.ndimage, scipy.signal, scipy.stats
sys.path.insert(0, "workflow")
for name in sys.argv[1:]:
    sys.stdout.flush()
    if os.fork() == 0:
        import importlib
        importlib.import_module(f"scripts.{name}")
        files = (getattr(module, "__file__", None) for module in sys.modules.values())
        here = os.path.realpath("workflow") + os.sep
        files = [os.path.realpath(file) for file in files if file]
        print(json.dumps([name, [f[len(here):] for f in files if f.startswith(here)]]))
        sys.stdout.flush()
        os._exit(0)
    assert os.wait()[1] == 0, name
"""


def cells(paths):
    """Cells that planned outputs are of."""
    return {Path(path).stem.removesuffix("_film") for path in paths}


class Graph:
    """Snakemake's own graph of rules.

    Attributes
    ----------
    readers : dict of set of str
        Rule -> rules that read its outputs.
    per_cell : set of str
        Rules that make a file of their own for each cell.
    """

    def __init__(self, project):
        said = project.start("--rulegraph", stderr=subprocess.DEVNULL).communicate()[0]
        names = dict(re.findall(r'^\s*(\d+)\[label = "(\w+)"', said, re.MULTILINE))
        self.readers = {rule: set() for rule in names.values()}
        for maker, reader in re.findall(r"^\s*(\d+) -> (\d+)$", said, re.MULTILINE):
            self.readers[names[maker]].add(names[reader])
        outputs = project.plan("--forceall")
        assert outputs.keys() == self.readers.keys() - {"all"}
        self.per_cell = {rule for rule, paths in outputs.items() if cells(paths) == CELLS}

    def after(self, *rules):
        """These rules and all that read their outputs, directly or not."""
        found, waiting = set(), list(rules)
        while waiting:
            rule = waiting.pop()
            found.add(rule)
            waiting += self.readers[rule] - found
        return found - {"all"}


@pytest.fixture(scope="module")
def graph(finished):
    return Graph(finished)


@pytest.fixture(scope="module")
def loaded(finished):
    """Script -> the workflow's files that it really loads, itself left out."""
    scripts = {path.stem for path in finished.files("workflow/scripts/*.py").values()}
    lines = subprocess.run(
        [sys.executable, "-c", LOADED, *sorted(scripts)],
        cwd=finished.folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    found = {name: set(files) - {f"scripts/{name}.py"} for name, files in map(json.loads, lines)}
    assert set(found) == scripts
    return found


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
    # are both figures of subunits and both of a simulated cell.
    made = {rule: {Path(path).with_suffix("") for path in paths} for rule, paths in plan.items()}
    made["plot_subunits"] = {one for one in made["plot_subunits"] if "mosaic" not in one.name}
    made["plot_paper_simulated"] = {"one"}
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
    assert copied.made() == before | {name: copied.made()[name]}
    assert "#009e73" in (copied.folder / name).read_text()
    assert not copied.plan(name)


def test_an_edited_module_reruns_what_uses_it(copied, graph):
    copied.edit("workflow/finefield/subunits/matching.py")
    plan = copied.plan()
    assert set(plan) == graph.after("matching", "stability", "collect_transfer")
    assert cells(plan["matching"]) == CELLS


def test_a_run_after_an_edit_makes_what_was_planned_and_then_nothing(copied):
    copied.edit("workflow/finefield/tables/summary.py")
    plan = copied.plan()
    assert set(plan) == {"summary", "plot_summary", "report_pages"}
    before = copied.made()
    copied.run("--cores", "2")
    after = copied.made()
    assert {name for name in after if after[name] != before[name]} == set().union(*plan.values())
    assert copied.plan() == {}


def test_a_module_imported_by_modules_reruns_what_loads_it(copied, loaded, graph):
    users = {
        rule for rule in graph.readers if "finefield/networks/network.py" in loaded.get(rule, ())
    }
    assert users == {"train", "transfer", "filters", "pruning", "stability"}
    copied.edit("workflow/finefield/networks/network.py")
    assert set(copied.plan()) == graph.after(*users)


@pytest.mark.slow
def test_every_module_counts_for_the_scripts_that_load_it(copied, loaded):
    root = copied.folder / "workflow"

    def versions():
        """The hashes as another process would find them."""
        for known in (provenance._imports, provenance._members, provenance._code):
            known.cache_clear()
        return {
            script: provenance.code_version(root / f"scripts/{script}.py", root)
            for script in loaded
        }

    before = versions()
    # Rooms load nothing by themselves, and do not count.
    modules = sorted(
        name
        for name in set().union(*loaded.values())
        if "lazy_loader" not in (root / name).read_text()
    )
    assert "finefield/figures/style.py" in modules and "finefield/job.py" in modules
    for module in modules:
        text = (root / module).read_text()
        copied.edit(f"workflow/{module}")
        after = versions()
        changed = {script for script in loaded if after[script] != before[script]}
        assert changed == {script for script in loaded if module in loaded[script]}, module
        (root / module).write_text(text)


@pytest.mark.parametrize(
    "room", ["averages", "figures", "files", "simulation", "subunits", "transfer"]
)
def test_a_module_of_a_room_reruns_what_loads_it(copied, loaded, graph, room):
    """The room's first module by name; which scripts load it is what Python's import says."""
    modules = set().union(*loaded.values())
    path = min(p for p in modules if p.startswith(f"finefield/{room}/") and "__init__" not in p)
    users = {rule for rule in graph.readers if path in loaded.get(rule, ())}
    copied.edit(f"workflow/{path}")
    assert set(copied.plan()) == graph.after(*users)


def test_a_variable_declared_for_a_figure_reruns_who_writes_or_reads_its_file(
    copied, loaded, graph
):
    path = "finefield/files/stability.py"
    module = copied.folder / "workflow" / path
    before, start, rest = module.read_text().partition("found_sd")
    assert start
    module.write_text(f"{before}for_a_figure: a new value\n    {start}{rest}")
    users = {rule for rule in graph.readers if path in loaded.get(rule, ())}
    assert "stability" in users and not users & {"train", "filters", "pruning", "transfer"}
    assert set(copied.plan()) == graph.after(*users)


def test_words_in_every_module_rerun_nothing(copied):
    """Docstrings and comments."""
    n_docstrings = 0
    for path in (copied.folder / "workflow/finefield").rglob("*.py"):
        reworded, n = re.subn(
            r'^( *""")(?=\w)', r"\1Reworded. ", path.read_text(), flags=re.MULTILINE
        )
        path.write_text(f"{reworded}\n# A comment.\n")
        n_docstrings += n
    assert n_docstrings > 300
    assert copied.plan() == {}


def test_an_edited_script_reruns_its_rule(copied):
    copied.edit("workflow/scripts/collect_transfer.py")
    reads = {"plot_transfer", "plot_similarity", "plot_paper_transfer", "report_pages"}
    assert set(copied.plan()) == {"collect_transfer", *reads}


def test_touching_or_reverting_modules_reruns_nothing(copied):
    for path in (copied.folder / "workflow/finefield").rglob("*.py"):
        os.utime(path)
    path = copied.folder / "workflow/finefield/networks/network.py"
    text = path.read_text()
    copied.edit("workflow/finefield/networks/network.py")
    path.write_text(text)
    assert copied.plan() == {}


def test_comments_and_order_of_the_config_rerun_nothing(copied):
    with copied.config() as config:
        for key in ("models", "seed"):
            config[key] = config.pop(key)
        config["datasets"]["toy"]["cells"]["left"]["polarity"] = "OFF"  # the default
    copied.edit("config/config.yaml", "# a comment\n")
    assert copied.plan() == {}
