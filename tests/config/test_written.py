"""What YAML would lose or misread is refused, with the line and the fix."""

import pytest

from finefield.base.errors import UserError
from finefield.config.reading import complete
from finefield.config.written import read_written


def read(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    return read_written(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("datasets: {a: 1}\nseed: 1\ndatasets: {b: 2}", "got datasets in lines 1 and 3;"),
        ("a:\n  b: {c: 1}\n  b: {c: 2}", r"got a\.b in lines 2 and 3;"),
        ("a:\n- {c: 1, c: 2}", r"got a\.c in lines 2 and 2;"),
        ("cells: [12_1]", r'cells: got 12_1 in line 1, which YAML reads as 121;.*write "12_1"'),
        ("d:\n  cells: [1, 010]", r'd\.cells: got 010 in line 2, which YAML reads as 8;.*"010"'),
        ("train: {finefield: [007]}", r"train\.finefield: got 007 in line 1"),
        ("frames: 010", "frames: got 010 in line 1, which YAML reads as 8; expected a plain"),
        ("cells: [0x1F]", r'cells: got 0x1F in line 1, which YAML reads as 31;.*write "0x1F"'),
        ("cells: [a, ON]", r'cells: got ON in line 1, which YAML reads as true;.*write "ON"'),
        (
            "d:\n  crops:\n    010: {y: 1}",
            r'd\.crops\.010: got 010 in line 3, .* reads as 8;.*"010"',
        ),
        ("crops: {12_1: {y: 1}}", r"crops\.12_1: got 12_1 in line 1, which YAML reads as 121"),
        ("crops: {off: {y: 1}}", r'crops\.off: got off in line 1, .* as false;.*write "off"'),
        ("train: {on: [a]}", r"train\.on: got on in line 1"),
        ("a: &a [*a]", "got maximum recursion depth exceeded"),
        ("seed: 1:30", "seed: got 1:30 in line 1, which YAML reads as 90"),
    ],
)
def test_what_yaml_would_lose_or_misread_is_refused(tmp_path, text, words):
    with pytest.raises(UserError, match=words):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("crops: {0: {y: 1}, '010': {y: 2}}", {"crops": {0: {"y": 1}, "010": {"y": 2}}}),
        ("cells: null\ntrain:", {"cells": None, "train": None}),
        ("frames: 1_000_000", {"frames": 1_000_000}),
        ("cells: [0, 12, '010', a_1]", {"cells": [0, 12, "010", "a_1"]}),
        ("seed: +5", {"seed": 5}),
        ("a: &a {b: 1, c: 2}\nd: {<<: *a, b: 3}", {"a": {"b": 1, "c": 2}, "d": {"b": 3, "c": 2}}),
        ("a: {c: 1}\nb: {c: 1}", {"a": {"c": 1}, "b": {"c": 1}}),
        ("", None),
    ],
)
def test_what_is_meant_is_read(tmp_path, text, expected):
    assert read(tmp_path, text) == expected


def test_a_tilde_is_the_users_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    dataset = {"kind": "recorded", "recording": "~/retina/cells.mat"}
    full = complete({"datasets": {"r": dataset}})
    assert full.datasets["r"].recording == "/home/ada/retina/cells.mat"
    assert full.datasets["r"].stimuli["white_noise"].recording == "/home/ada/retina/cells.mat"
