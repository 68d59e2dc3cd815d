"""The workflow's files agree with each other: rules, scripts, environments, README."""

import ast
import re
import shlex
import sys
import tomllib
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
import yaml
from helpers.project import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import finefield

RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))
DIRECTIVES = {
    "message", "output", "log", "benchmark", "params", "threads", "resources", "conda", "script",
}  # fmt: skip
#: What Python calls a package, and the name that conda has for it.
CONDA_NAMES = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base", "seaborn": "seaborn-base"}
IMPORTED_AS = {"pyyaml": "yaml", "netcdf4": "netCDF4", "fonttools": "fontTools"}


def rules():
    """Name and text of every rule."""
    for path in RULES:
        _, *parts = re.split(r"^rule (\w+):\n", path.read_text(), flags=re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            # A rule ends where a line begins at the margin.
            yield path, name, re.split(r"^\S", text, maxsplit=1, flags=re.MULTILINE)[0]


def requirements(name="requirements"):
    """Package -> version of one of the files in envs/, without those it builds on."""
    lines = (ROOT / f"envs/{name}.txt").read_text().splitlines()
    pins = [line.split("#")[0].strip() for line in lines if not line.startswith("-r ")]
    pairs = [re.fullmatch(r"([\w.-]+)==([\w.]+)", pin) for pin in pins if pin]
    assert all(pairs), pins
    return {pair[1].lower(): pair[2] for pair in pairs}


@pytest.mark.parametrize(("path", "name", "text"), [pytest.param(*r, id=r[1]) for r in rules()])
def test_a_rule_is_complete(path, name, text):
    found = re.findall(r"^    (\w+):", text, re.MULTILINE)
    assert set(found) >= DIRECTIVES
    assert len(set(found)) == len(found)
    # What a failed job gets more of.
    assert re.search(r"resources:\s+mem_mb=growing\(\d+\),\s+runtime=growing\(\d+\),$", text, re.M)
    script = re.search(r'script:\s+"(.+)"', text)[1]
    assert (path.parent / script).resolve() in SCRIPTS
    # Its code counts, and it is the code of its own script.
    stem = script.split("/")[-1].removesuffix(".py")
    assert f'code=code("{stem}")' in text and stem == name


def test_every_script_has_its_rule():
    named = {name for _, name, _ in rules()}
    assert {path.stem for path in SCRIPTS} == named


def test_conda_files_agree_with_the_requirements():
    named = {
        (path.parent / found).resolve()
        for path, _, text in rules()
        for found in re.findall(r'conda:\s+"(.+)"', text)
    }
    assert {path.name for path in named} == {"finefield.yaml", "recordings.yaml"}
    for path in named:
        pins = requirements()
        assert pins.pop("snakemake")
        if path.name == "recordings.yaml":
            for name in ("hdf5", "nwb", "films"):
                pins |= requirements(f"requirements-{name}")
        environment = yaml.safe_load(path.read_text())
        assert environment["channels"][0] == "conda-forge"
        there = dict(re.split(r"(?<=\w)(?=[=>])", each) for each in environment["dependencies"])
        assert there.pop("python") == ">=3.11"
        assert set(there) == {CONDA_NAMES.get(name, name) for name in pins}
        for name, pin in pins.items():
            conda = there[CONDA_NAMES.get(name, name)].removeprefix("=")
            # A wheel's fourth part and post-releases are the wheel's own.
            assert pin == conda or pin.startswith(f"{conda}."), name


FURTHER = ("hdf5", "nwb", "films", "slurm", "test", "docs")


@pytest.mark.parametrize("name", FURTHER)
def test_further_requirements_build_on_the_first(name):
    lines = (ROOT / f"envs/requirements-{name}.txt").read_text().splitlines()
    assert "-r requirements.txt" in lines
    pins = [line for line in lines if line and line[0] not in "#-"]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", pin) for pin in pins)


def test_the_lock_holds_the_pins_and_all_that_they_need():
    lock = requirements("lock")
    pins = {}
    for name in ("requirements", *(f"requirements-{further}" for further in FURTHER)):
        pins |= requirements(name)
    assert {canonicalize_name(name): pin for name, pin in pins.items()}.items() <= lock.items()
    # No build for a certain machine.
    assert not [name for name in lock if re.match("nvidia|cuda|triton", name)]
    # What the packages of this environment say that they need, as pip asks for it.
    for name in lock:
        try:
            needed = map(Requirement, requires(name) or [])
        except PackageNotFoundError:
            continue
        for one in needed:
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                locked = lock.get(canonicalize_name(one.name))
                assert locked or re.match("nvidia|cuda|triton", one.name), (name, str(one))
                assert locked is None or one.specifier.contains(locked, prereleases=True), one


def test_installed_packages_are_the_locked_ones():
    found = {name: version(name).split("+")[0] for name in requirements()}
    assert found == requirements()
    for name, locked in requirements("lock").items():
        try:
            assert version(name).split("+")[0] == locked, name
        except PackageNotFoundError:
            continue  # of Slurm or of the site, which tests do not need


def test_the_package_asks_for_what_is_pinned():
    """Lower bounds that the pins keep, and an extra for each file of further requirements."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert set(extras) == {"workflow", *FURTHER}
    asked = {"requirements": project["dependencies"] + extras.pop("workflow")}
    asked |= {f"requirements-{name}": lines for name, lines in extras.items()}
    for name, lines in asked.items():
        bounds = {one.name.lower(): one.specifier for one in map(Requirement, lines)}
        bounds.pop("finefield", None)
        assert set(bounds) == set(requirements(name)), name
        for package, pin in requirements(name).items():
            assert bounds[package].contains(pin), package
            assert [one.operator for one in bounds[package]] == [">="], package
    minimum = re.search(r'min_version\("(.+)"\)', (ROOT / "workflow/Snakefile").read_text())[1]
    assert f"snakemake>={minimum}" in asked["requirements"]


def test_the_version_is_said_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"] and "version" not in project["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == finefield.__version__


def test_the_catalog_of_workflows_finds_what_it_looks_for():
    """Its criteria, as of the catalog's README."""
    for name in ("workflow/Snakefile", "config/README.md", "config/config.yaml"):
        assert (ROOT / name).exists()
    readme = (ROOT / "README.md").read_text().lower()
    assert "snakemake" in readme and "workflow" in readme
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert usage["software-stack-deployment"]["conda"] is True


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_thin(path):
    """Imports, one function of a few lines whose parameters are keywords, and its call as a job."""
    text = path.read_text()
    # A signature has a parameter a line.
    assert len(text.splitlines()) <= 50
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    *_, function, call = tree.body
    assert [node for node in tree.body if isinstance(node, ast.FunctionDef)] == [function]
    assert function.end_lineno - function.body[0].lineno < 20
    given = function.args
    assert given.kwonlyargs and not (given.args or given.posonlyargs or given.vararg or given.kwarg)
    assert ast.unparse(call.test) == "__name__ == '__main__'"
    assert ast.unparse(call.body[0]).startswith(f"run({function.name}, snakemake")
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert all(node in tree.body for node in imports)
    packages = {IMPORTED_AS.get(name, name) for name in requirements()} - {"snakemake"}
    for node in imports:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names or [node.module]:
            root = name.split(".")[0]
            assert root in {"finefield", *packages, *sys.stdlib_module_names}
            # From rooms, not from their modules.
            assert name.count(".") <= (root == "finefield"), name


def test_snakemakes_linter_has_nothing_to_say(project):
    assert "Congratulations" in project.run("--lint")


@pytest.mark.parametrize("name", ["default", "slurm"])
def test_profiles_are_read(project, name):
    """Slurm's plugin need not be installed to run locally."""
    path = f"workflow/profiles/{name}"
    settings = yaml.safe_load((ROOT / path / "config.yaml").read_text())
    assert settings["rerun-incomplete"] is True
    named = {name for _, name, _ in rules()}
    assert set(settings.get("set-resources", {})) <= named
    if groups := settings.get("groups"):
        # All but those that make one file for a stimulus.
        assert named - set(groups) == {"make_stimulus", "import_recording", "collect_targets"}
        assert set(groups) < named and set(groups.values()) == set(settings["group-components"])
    if "executor" not in settings:
        said = project.run("--dry-run", "--workflow-profile", path)
        assert "Job stats" in said


@pytest.fixture
def readme():
    """Text of README.md, and its blocks of code as (language, text)."""
    path = ROOT / "README.md"
    if not path.exists():
        pytest.skip("no README.md yet")
    text = path.read_text()
    return text, re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


def test_the_readmes_commands_exist(readme):
    text, blocks = readme
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    lines = re.findall(r"`([^`]+)`", prose)
    for language, block in blocks:
        lines += block.splitlines() if language in ("", "sh", "bash", "console") else []
    first = re.compile(r"(\S*/)?(make|snakemake|pip)( |$)")
    commands = [shlex.split(line, comments=True) for line in lines if first.match(line)]
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    # Files that the reader is told to write.
    written = set(re.findall(r"[Ss]ave this as `([^`]+)`", text))
    assert any("snakemake" in words[0] for words in commands)
    for words in commands:
        if words[0] == "make":
            assert {word for word in words[1:] if word[0] != "-" and "=" not in word} <= targets
        for path in (word.removeprefix("CONFIG=") for word in words[1:]):
            if path.startswith(("config/", "workflow/", "envs/")):
                assert (ROOT / path).exists() or path in written, words


def test_the_readmes_imports_and_links_exist(readme):
    text, blocks = readme
    python = "".join(block for language, block in blocks if language == "python")
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.ImportFrom):
            module = import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names), node.module
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert link.startswith("http") or (ROOT / link).exists(), link
