"""Whatever the config's schema accepts is either planned or refused in words."""

import re

import pytest
import yaml
from helpers.configs import MESSAGE
from helpers.project import ROOT
from helpers.schema import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finefield import config as reading
from finefield.base.errors import UserError
from finefield.base.settings import plain

NAMES = "toy", "config", "biophysical", "recorded"
BASES = [yaml.safe_load((ROOT / f"config/{name}.yaml").read_text()) for name in NAMES]
drawn = given(st.sampled_from(BASES).flatmap(changed))
quick = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def planned_or_refused(config):
    """Whether a config is complete, as the Snakefile asks; what stops it must be a message."""
    try:
        full, _ = reading.without_stnmf(reading.complete(config))
        for name, dataset in full.datasets.items():
            if dataset.kind == "simulated":
                reading.trained(full, name), reading.swept(full, name)
        plain(full), reading.networks(full), reading.differing(config)
    except UserError as error:
        assert re.fullmatch(MESSAGE, str(error), re.DOTALL)
        return False
    return True


@settings(quick, max_examples=25)
@drawn
def test_a_config_that_the_schema_accepts_is_planned_or_refused(config):
    planned_or_refused(config)


@pytest.mark.slow
def test_many_configs_are_planned_and_many_refused():
    found = []

    @settings(quick, max_examples=200)
    @drawn
    def ask(config):
        found.append(planned_or_refused(config))

    ask()
    assert 0.1 < sum(found) / len(found) < 0.9
