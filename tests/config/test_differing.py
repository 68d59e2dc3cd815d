"""Settings that differ from their defaults."""

import pytest
import yaml
from helpers.project import ROOT

from finefield import config
from finefield.networks.settings import PRESETS


def test_defaults_do_not_differ_though_they_are_written():
    given = {"datasets": {"mine": {"kind": "recorded", "recording": "x.mat", "delay": 1}}}
    keys = [key for key, *_ in config.differing({**given, "seed": 1})]
    assert keys == ["datasets.mine.kind", "datasets.mine.recording"]
    found = config.differing({**given, "seed": 2, "figures": {"dpi": 200}})
    assert ("seed", "2", "1") in found and ("figures.dpi", "200", "150") in found


@pytest.mark.parametrize("network", sorted(PRESETS))
def test_a_network_differs_in_what_its_architecture_does_not_set(network):
    recorded = {"kind": "recorded", "recording": "x.mat"}
    given = {"datasets": {"mine": recorded}, "models": {"one": {"network": network, "lags": 7}}}
    keys = [key for key, *_ in config.differing(given) if key.startswith("models.")]
    assert keys == ["models.one.network", "models.one.lags"]


@pytest.mark.parametrize("name", ["config", "toy", "biophysical", "recorded"])
def test_every_key_that_a_config_writes_is_there_or_is_the_default(name):
    written = yaml.safe_load((ROOT / f"config/{name}.yaml").read_text())
    found = {key for key, *_ in config.differing(written)}
    bare = {"datasets": written["datasets"]}
    assert found >= {key for key, *_ in config.differing(bare) if key.startswith("datasets.")}
    if "seed" in written and written["seed"] != 1:
        assert "seed" in found
