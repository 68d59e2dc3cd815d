"""Fates of hand-made subunits, and what must hold of any."""

import numpy as np
import pytest
from helpers.images import SHAPE, blob
from hypothesis import given, settings
from hypothesis import strategies as st

from finefield.subunits.fates import classify, precision_and_recall

sizes = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2**32 - 1))


def pixels(*images, n=12):
    """Images of single pixels: each argument maps a pixel to its value."""
    made = np.zeros((len(images), 1, n))
    for one, image in zip(made, images, strict=True):
        for pixel, value in image.items():
            one[0, pixel] = value
    return made


#: Name: known subunits, found ones, their fates. Pixels are numbers, so that fates are plain.
FATES = {
    "recovered, in another order and of another scale": (
        [{0: 1}, {1: 1}], [{1: 7}, {0: 1, 5: 0.3}], "recovered recovered", "matched matched"),
    "split into halves": (
        [{0: 1, 1: 1}], [{0: 2}, {1: 1}], "split", "part part"),
    "split into halves, one of which holds more": (
        [{0: 1, 1: 1}], [{0: 1}, {1: 1, 2: 0.3}], "split", "part part"),
    "a half is missing": (
        [{0: 1, 1: 1}], [{0: 1}], "missed", "spurious"),
    "a part below a fifth does not count": (  # 0.15 of the weights; without it the cosine is 0.98
        [{0: 1, 1: 0.18, 2: 0.9, 3: 0.9}], [{0: 1, 2: 0.9, 3: 0.9}, {1: 1}],
        "recovered", "matched spurious"),
    "one part of 0.85 is not a split": (
        [{0: 0.85, 1: 0.15, 2: 0.4}], [{0: 1}, {1: 1}], "missed", "spurious spurious"),
    "a part that would need a negative weight": (
        [{0: 1, 1: 1}], [{0: 1}, {1: -1}], "missed", "spurious spurious"),
    "merged pair": (
        [{0: 1}, {1: 1}], [{0: 1, 1: 1}], "merged merged", "merger"),
    "merged pair, and one recovered": (
        [{0: 1}, {1: 1}, {2: 1}], [{2: 1}, {0: 1, 1: 0.8}], "merged merged recovered",
        "matched merger"),
    "merged triple": (
        [{0: 1}, {1: 1}, {2: 1}], [{0: 1, 1: 1, 2: 1}], "merged merged merged", "merger"),
    "merged with one that is recovered too": (
        [{0: 1}, {1: 1}], [{0: 1}, {0: 1, 1: 1}], "recovered merged", "matched merger"),
    "merged with one that adds a quarter": (
        [{0: 1}, {1: 1}, {2: 1}], [{0: 1, 1: 1, 2: 0.7}], "merged merged merged", "merger"),
    "one that adds less than a fifth is not merged": (
        [{0: 1}, {1: 1}, {2: 1}], [{0: 1, 1: 1, 2: 0.3}], "merged merged missed", "merger"),
    "a mixture of recovered ones merges none": (
        [{0: 1}, {1: 1}], [{0: 1}, {1: 1}, {0: 1, 1: 1}], "recovered recovered",
        "matched matched spurious"),
    "a split one may be merged with another too": (
        [{0: 1, 1: 1}, {2: 1}], [{0: 1}, {1: 1}, {0: 1, 1: 1, 2: 1.4}], "split merged",
        "part part merger"),
    "a mixture of a split and a recovered one merges none": (
        [{0: 1, 1: 1}, {2: 1}], [{0: 1}, {1: 1}, {2: 1}, {0: 1, 1: 1, 2: 1.4}],
        "split recovered", "part part matched spurious"),
    "a copy of a recovered one is spurious": (
        [{0: 1}, {1: 1}], [{0: 1}, {0: 1}], "recovered missed", "matched spurious"),
    "a recovered one's match is no part of others": (
        [{0: 1}, {0: 1, 1: 1}], [{0: 1}, {1: 1}], "recovered missed", "matched spurious"),
    "elsewhere": (
        [{0: 1}], [{5: 1}], "missed", "spurious"),
    "reversed in sign": (
        [{0: 1}], [{0: -1}], "missed", "spurious"),
    "zeros": (
        [{0: 1}, {1: 1}], [{}, {0: 1}], "recovered missed", "spurious matched"),
    "one of each": (
        [{0: 1}, {1: 1, 2: 1}, {3: 1}, {4: 1}, {5: 1}],
        [{6: 1}, {3: 1, 4: 1}, {2: 1}, {0: 1}, {1: 1}],
        "recovered split merged merged missed", "spurious merger part matched part"),
    "nothing found": (
        [{0: 1}, {1: 1}], [], "missed missed", ""),
    "nothing known": (
        [], [{0: 1}], "", "spurious"),
    "neither": (
        [], [], "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FATES)
def test_fates(name):
    known, found, of_known, of_found = FATES[name]
    fates = classify(pixels(*known), pixels(*found), 0.9)
    assert fates.subunit.tolist() == of_known.split() and fates.found.tolist() == of_found.split()
    assert fates.subunit.dtype.kind == fates.found.dtype.kind == "U"


@pytest.mark.parametrize("name", FATES)
def test_precision_and_recall_count_fates(name):
    known, found, of_known, of_found = FATES[name]
    precision, recall = precision_and_recall(pixels(*known), pixels(*found), 0.9)
    for share, fates, good in [(precision, of_found, "matched"), (recall, of_known, "recovered")]:
        fates = fates.split()
        expected = fates.count(good) / len(fates) if fates else np.nan
        assert share == pytest.approx(expected, nan_ok=True)


def test_a_subunit_without_a_match_is_never_recovered():
    fates = classify(pixels({0: 1}, {1: 1}), pixels({0: 1}), recovered_cosine=0.0)
    assert fates.subunit.tolist() == ["recovered", "missed"]


def test_fates_of_blobs():
    """A broad blob found as its two halves, a pair found as one, one found beside, and noise."""
    broad, pair = blob(6, 6, 2.5), np.stack([blob(16, 14), blob(16, 18)])
    left = np.arange(24) < 6
    rng = np.random.default_rng(0)
    known = np.stack([broad, *pair, blob(6, 18), blob(20, 4)])
    found = np.stack([pair.sum(0), broad * left, broad * ~left, blob(6.3, 18.2), rng.random(SHAPE)])
    fates = classify(known, found + 0.01 * rng.normal(size=found.shape))
    assert fates.subunit.tolist() == ["split", "merged", "merged", "recovered", "missed"]
    assert fates.found.tolist() == ["merger", "part", "part", "matched", "spurious"]


@given(sizes, st.floats(0.3, 0.95))
@settings(max_examples=60, deadline=None)
def test_fates_are_consistent(size, recovered_cosine):
    """Whatever the images: order and scale do not count, and the fates of both sides agree."""
    n_known, n_found, seed = size
    rng = np.random.default_rng(seed)
    known, found = rng.random((n_known, 2, 3)) ** 3, rng.random((n_found, 2, 3)) ** 3
    fates = classify(known, found, recovered_cosine)
    order, other = rng.permutation(n_known), rng.permutation(n_found)
    scale = rng.uniform(0.1, 10, (n_found, 1, 1))
    again = classify(known[order], (scale * found)[other], recovered_cosine)
    assert again.subunit.tolist() == fates.subunit[order].tolist()
    assert again.found.tolist() == fates.found[other].tolist()
    n_of = {name: (fates.subunit == name).sum() for name in ("recovered", "split", "merged")}
    assert n_of["recovered"] == (fates.found == "matched").sum()
    assert (n_of["split"] > 0) == ((fates.found == "part").sum() >= 2)
    # The one image of a merged subunit may be another's part.
    assert n_of["merged"] > 0 or not (fates.found == "merger").any()
