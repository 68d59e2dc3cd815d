"""Contradictions between the keys of a recorded stimulus are refused with their fix."""

import pytest

from finefield.base.errors import UserError
from finefield.config.reading import complete

FILE = {"kind": "frames", "running_file": "a", "frozen_file": "b"}
NUMPY = {"kind": "numpy", "running_seed": 1, "frozen_seed": 2}
MATLAB = NUMPY | {"kind": "matlab"}


def stimulus(keys):
    """The stimulus of a complete config."""
    eye = {"kind": "recorded", "recording": "eye.mat", "stimuli": {"w": keys}}
    return complete({"datasets": {"eye": eye}}).datasets["eye"].stimuli["w"]


# keys of the stimulus -> the key that is refused, and words of the message
FAULTS = [
    (FILE | {"order": ["frame", "y"]}, "order", "a list of at least 3", "channel"),
    (FILE | {"order": ["frame", "y", "y"]}, "order", "each once"),
    (FILE | {"order": ["frame", "y", "channel"], "channel": 0}, "order", "frame, y and x"),
    (FILE | {"order": ["frame", "y", "x", "channel"]}, "channel", "no channel", "from 0"),
    (FILE | {"channel": -1}, "channel", "-1", "at least 0"),
    (NUMPY | {"order": ["x", "y"]}, "order", "[x, y, frame]"),
    (
        NUMPY | {"order": ["y", "x", "frame"]},
        "running_seed",
        "1 with order [y, x, frame]",
        "number of frames of the array",
        "write running_seed: [{seed: 1, frames: N}]",
    ),
    (
        MATLAB | {"order": ["frame", "y", "x"], "running_seed": [{"seed": 1, "frames": 9}]},
        "frozen_seed",
        "write frozen_seed: [{seed: 2, frames: N}]",
    ),
    (NUMPY | {"distribution": "gaussian", "threshold": 0.5}, "threshold", "remove the key"),
    (NUMPY | {"distribution": "gaussian", "bright": "below"}, "bright", "remove the key"),
    (MATLAB | {"threshold": None}, "threshold", "a number from 0 to 1"),
    (MATLAB | {"generator": "state"}, "generator", "expected twister", "save the frames"),
    (MATLAB | {"generator": "v5normal"}, "generator", "expected twister", "save the frames"),
    (MATLAB | {"distribution": "gaussian"}, "distribution", "randn", "save the frames"),
    (MATLAB | {"generator": 3}, "generator", "expected twister"),
]


@pytest.mark.parametrize(("keys", "key", "words"), [(k, key, w) for k, key, *w in FAULTS])
def test_a_fault_is_named_with_its_fix(keys, key, words):
    with pytest.raises(UserError) as caught:
        stimulus(keys)
    text = str(caught.value)
    assert text.startswith(f"datasets.eye.stimuli.w.{key}") and len(text) < 400
    assert all(word in text for word in (": got ", "; expected ", ". Fix: ", *words)), text


@pytest.mark.parametrize(
    "keys",
    [
        FILE | {"order": ["y", "channel", "x", "frame"], "channel": 0},
        FILE | {"order": ["x", "y", "frame"]},
        FILE | {"channel": 2},
        NUMPY | {"threshold": 0.5, "bright": "below", "order": ["frame", "x", "y"]},
        MATLAB,
        MATLAB | {"order": ["x", "y", "frame"]},
        MATLAB
        | {"order": ["frame", "y", "x"]}
        | {f"{name}_seed": [{"seed": 1, "frames": 9}] for name in ("running", "frozen")},
    ],
)
def test_what_is_no_fault_is_kept(keys):
    found = stimulus(keys).model_dump()
    assert {key: found[key] for key in keys} == keys
