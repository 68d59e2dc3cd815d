"""Settings refuse what is not of their types, and become plain dictionaries and back."""

from typing import Annotated

import pytest
from pydantic import ValidationError

from finefield.base.settings import Settings, Unique, one_of, plain
from finefield.networks.settings import PRESETS, NetworkSettings


class Some(Settings):
    """Settings for these tests."""

    whole: int = 3
    """A whole number."""
    part: float = 0.5
    """A number."""
    order: one_of(["y", "x"], ["x", "y"]) = ["y", "x"]
    """A choice of lists."""


@pytest.mark.parametrize(
    "keys",
    [
        {"whole": 3.0},
        {"whole": True},
        {"part": "0.5"},
        {"part": float("nan")},
        {"order": ["x", "x"]},
        {"hole": 3},
    ],
)
def test_what_is_no_key_or_not_of_its_type_is_refused(keys):
    with pytest.raises(ValidationError):
        Some(**keys)


def test_settings_are_not_changed_but_copied():
    some = Some()
    with pytest.raises(ValidationError):
        some.whole = 4
    assert some.changed(whole=4).whole == 4 and some.whole == 3
    with pytest.raises(ValidationError):
        some.changed(whole=0.5)


def test_plain_settings_are_settings_again():
    some = Some(part=1)
    assert plain({"a": [some]}) == {"a": [{"whole": 3, "part": 1.0, "order": ["y", "x"]}]}
    assert Some(**plain(some)) == some


def test_defaults_are_not_shared():
    Some().order.append("z")
    assert Some().order == ["y", "x"]


def test_equal_numbers_are_the_same_entry():
    class Values(Settings):
        values: Annotated[list[float], *Unique]

    with pytest.raises(ValidationError, match="each once"):
        Values(values=[1, 1.0])


@pytest.mark.parametrize("network", PRESETS)
def test_presets_are_settings_of_networks(network):
    found = NetworkSettings(network=network)
    assert {key: getattr(found, key) for key in PRESETS[network]} == PRESETS[network]
    assert NetworkSettings(network=network, lags=7).lags == 7
