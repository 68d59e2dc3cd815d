"""After a change of code, the jobs that use it run again, and no others."""

import os
import re
import shutil

import pytest
from helpers.graph import CELLS, cells
from helpers.project import Project

from finefield.base import provenance


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
    assert users == {"train", "transfer", "filters", "stability"}
    copied.edit("workflow/finefield/networks/network.py")
    assert set(copied.plan()) == graph.after(*users)


@pytest.mark.slow
def test_a_module_counts_for_all_scripts_that_load_it_and_for_no_other(copied, loaded):
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
    for module in modules[::4]:  # half a second each
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
    assert "stability" in users and not users & {"train", "filters", "transfer"}
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


def test_an_edited_script_reruns_its_rule(copied, graph):
    copied.edit("workflow/scripts/collect_transfer.py")
    assert set(copied.plan()) == graph.after("collect_transfer")


def test_touching_or_reverting_modules_reruns_nothing(copied):
    for path in (copied.folder / "workflow/finefield").rglob("*.py"):
        os.utime(path)
    path = copied.folder / "workflow/finefield/networks/network.py"
    text = path.read_text()
    copied.edit("workflow/finefield/networks/network.py")
    path.write_text(text)
    assert copied.plan() == {}


def test_results_in_a_fresh_clone_are_kept(finished, toy_config, tmp_path):
    """With Snakemake's records: all sources are newer than all results, and lie elsewhere."""
    clone = Project.from_sources(tmp_path / "elsewhere", toy_config)
    for folder in ("results", ".snakemake"):
        shutil.copytree(finished.folder / folder, clone.folder / folder)
    for path in clone.files("workflow/**/*").values():
        os.utime(path)
    assert clone.plan() == {}


@pytest.mark.parametrize("library", ["numba", "seaborn"])
def test_another_release_of_a_library_reruns_what_uses_it(copied, loaded, graph, library):
    root = copied.folder / "workflow"
    used = re.compile(rf"^ *(import|from) {library}\b", re.MULTILINE)
    users = {
        rule
        for rule, modules in loaded.items()
        if any(used.search((root / module).read_text()) for module in modules)
    }
    assert users
    # As if another release were installed.
    path = root / "finefield/base/provenance.py"
    before, installed, after = path.read_text().partition("metadata.version(LIBRARIES[library])")
    other = f'({installed} + ".1" * (library == "{library}"))'
    path.write_text(before + other + after)
    assert set(copied.plan()) == graph.after(*users & graph.readers.keys())
