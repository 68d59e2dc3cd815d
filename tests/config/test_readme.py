"""config/README.md and the schema are in step with the types of the config."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from finefield.base.errors import UserError
from finefield.config.reading import complete
from finefield.config.readme import MARKER, key_table, schema_text, write_readme
from finefield.networks.settings import NetworkSettings

ROOT = Path(__file__).parents[2]
README = ROOT / "config/README.md"
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"


def test_the_schema_is_in_step_with_the_types():
    assert SCHEMA.read_text() == schema_text(), "run make docs"


def test_the_readme_is_in_step_with_the_schema():
    assert README.read_text().partition(MARKER)[2] == f"\n{key_table()}", "run make docs"


def test_the_readmes_examples_are_complete_configs():
    examples = re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    simulated, recorded = (complete(yaml.safe_load(e)).datasets for e in examples)
    assert simulated["toy"].kind == "simulated" and recorded["retina"].kind == "recorded"


def test_every_key_of_the_schema_is_described_in_the_table():
    schema = yaml.safe_load(SCHEMA.read_text())
    parts = [schema, *schema["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.*) \| (.+) \|$", key_table(), re.MULTILINE)
    assert keys <= {key for key, *_ in rows}
    assert all(meaning.strip() for _, _, meaning, _ in rows)


@pytest.mark.parametrize("network", ["yan2020", "deep", "lnln", "ln"])
def test_the_readme_lists_what_a_network_sets(network):
    (line,) = re.findall(rf"^`network: {network}` sets (.+)\.$", README.read_text(), re.MULTILINE)
    listed = {}
    for part in re.findall(r"`([^`]+)`", line):
        listed |= yaml.safe_load(part)
    default, full = NetworkSettings().model_dump(), NetworkSettings(network=network).model_dump()
    assert listed == {key: full[key] for key in listed}
    assert set(listed) | {"network"} >= {key for key in full if full[key] != default[key]}


def test_the_readme_says_all_networks_there_are():
    schema = yaml.safe_load(SCHEMA.read_text())
    networks = schema["$defs"]["NetworkSettings"]["properties"]["network"]["enum"]
    said = re.findall(r"^`network: (\w+)` sets", README.read_text(), re.MULTILINE)
    assert sorted([*said, "finefield"]) == sorted(networks)


def test_a_readme_without_its_marker_is_left_alone(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# Mine\n")
    with pytest.raises(UserError, match="marker"):
        write_readme(path)
    assert path.read_text() == "# Mine\n"


def test_checking_a_config_imports_neither_matplotlib_nor_scipy():
    code = (
        "import sys; from finefield.config import load; load(sys.argv[1]);"
        "sys.exit('matplotlib' in sys.modules or 'scipy' in sys.modules)"
    )
    where = {"PYTHONPATH": str(ROOT / "workflow")}
    command = [sys.executable, "-c", code, str(ROOT / "config/recorded.yaml")]
    assert subprocess.run(command, env=where, check=False).returncode == 0
