"""The calls of NumPy in docs/own-data.md give the noise of the settings beside them."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from finefield.config.reading import complete
from finefield.stimuli.build import sequence_blocks

PAGE = Path(__file__).parents[2] / "docs/own-data.md"
ROWS = re.findall(r"^\| (.+) \| `(\{kind: (?:numpy|matlab).+\})` \|$", PAGE.read_text(), re.M)
SIZES = {"n": 100, "h": 3, "w": 5}
NUMPY = [(call.strip("`"), keys) for call, keys in ROWS if call.startswith("`np.")]


def settings(keys):
    """What the config has, complete."""
    keys = yaml.safe_load(keys.replace("frames: n", "frames: 100"))
    keys |= {"frozen_seed": [{"seed": 1, "frames": 9}]}
    eye = {"kind": "recorded", "recording": "eye.mat", "stimuli": {"w": keys}}
    return complete({"datasets": {"eye": eye}}).datasets["eye"].stimuli["w"]


@pytest.mark.parametrize(("call", "keys"), NUMPY)
def test_a_call_gives_the_noise_of_its_settings(call, keys):
    shown = eval(call, {"np": np} | SIZES)
    sizes = re.findall(r"\b[nhw]\b", call)
    shown = shown.transpose([sizes.index(name) for name in "nhw"])
    blocks = sequence_blocks(settings(keys), "running", *SIZES.values())
    codes = np.concatenate([codes for _, codes in blocks.blocks], axis=2)
    found = blocks.kind(codes, SIZES["n"], *blocks.contrasts).frames()
    if shown.dtype.kind == "f":
        assert np.abs(found - np.clip(shown, -4, 3.97)).max() < 1 / 64 + 1e-6
    else:
        assert np.array_equal(found, 2.0 * shown - 1)


def test_calls_of_matlab_have_settings_of_the_config():
    """Their numbers are compared with published ones elsewhere."""
    keys = [keys for call, keys in ROWS if not call.startswith("`np.")]
    assert len(keys) == 5 and len(NUMPY) == 11
    assert {settings(one).kind for one in keys} == {"matlab"}
