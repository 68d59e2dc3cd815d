"""The recorded run of the tests is the one that users are given."""

import yaml
from helpers.project import ROOT


def test_the_recorded_run_of_the_tests_is_the_users():
    theirs, ours = (
        yaml.safe_load((ROOT / p).read_text())
        for p in ("config/recorded.yaml", "tests/recorded.yaml")
    )
    ours["datasets"]["recorded"]["recording"] = theirs["datasets"]["recorded"]["recording"]
    assert ours == theirs
