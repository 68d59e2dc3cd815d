"""Simulated cells against an independent, slow implementation and against the paper's figures."""

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers.cells import YAN2020, noise
from scipy.stats import gamma

from finefield.base.errors import UserError
from finefield.networks.training.basis import orthonormal_basis
from finefield.simulation.cell import build_cell
from finefield.simulation.settings import CellSettings
from finefield.simulation.shapes import block_subunit, gaussian_subunit, patch_subunit
from finefield.simulation.spikes import draw_spikes, firing_rate, simulate_responses
from finefield.simulation.temporal_filter import difference_of_gammas
from finefield.stimuli.movie import BinaryStimulus


def test_temporal_filter_is_scipys_difference_of_gamma_densities():
    t = (np.arange(20) - 2) / 30
    expected = gamma.pdf(t, 4, scale=0.05) - gamma.pdf(t, 5, scale=0.05)
    expected /= np.linalg.norm(expected)
    assert np.allclose(difference_of_gammas(20, 30.0), expected)


def test_rate_follows_the_paper_frame_by_frame():
    cell, movie = build_cell(YAN2020, 30.0), noise(60)
    frames, g = movie.frames(), -difference_of_gammas(20, 30.0)
    for t in (19, 33, 59):
        total = 0.0
        for y, x in ((2, 2), (2, 4), (4, 2), (4, 4)):
            drive = sum(g[lag] * frames[t - lag, y : y + 2, x : x + 2].sum() for lag in range(20))
            total += max(0.0, drive)
        assert firing_rate(cell, movie)[t] == pytest.approx(2 * max(0, total - 2.5), abs=1e-5)


def test_rate_does_not_depend_on_blocks():
    cell, movie = build_cell(YAN2020, 30.0), noise(20_000)
    part = BinaryStimulus.from_frames(movie.frames(8000, 8500) > 0, -0.5, 0.5)
    # Frame 8192 begins a block; the part's own first 19 frames lack a history.
    assert np.allclose(firing_rate(cell, movie)[8019:8500], firing_rate(cell, part)[19:], atol=1e-5)


def test_the_papers_cell_fires_about_as_often_as_the_paper_says():
    cell, movie = build_cell(YAN2020, 30.0), noise(200_000)
    found = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(1))
    rate, spikes = found.rate, found.spike_count
    assert rate.mean() == pytest.approx(0.36, abs=0.02)
    assert spikes.sum() == pytest.approx(rate.sum() / 30, abs=5 * math.sqrt(rate.sum() / 30))


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_spikes_have_the_law_asked_for(law):
    counts = draw_spikes(np.full(1000, 12.0), 200, 30.0, law, np.random.default_rng(0))
    mean, variance = {"bernoulli": (0.4, 0.24), "poisson": (0.4, 0.4)}[law]
    assert counts.mean() == pytest.approx(mean, abs=0.006)
    assert counts.var() == pytest.approx(variance, abs=0.01)


def test_a_bernoulli_probability_above_one_is_the_users_to_mend():
    with pytest.raises(UserError, match=r"45 Hz.*30 Hz.*spikes: poisson"):
        draw_spikes(np.array([45.0]), 1, 30.0, "bernoulli", np.random.default_rng(0))


def test_polarity_turns_the_response_to_a_step_of_light():
    flash = np.zeros((60, 8, 8))
    flash[20:] = 1
    movie = BinaryStimulus.from_frames(flash, -0.5, 0.5)
    on = firing_rate(build_cell(YAN2020.changed(polarity="ON"), 30.0), movie)
    off = firing_rate(build_cell(YAN2020, 30.0), movie)
    assert on[20:32].max() > off[20:32].max()


def test_subunits_outside_their_crop_are_refused():
    with pytest.raises(UserError, match="crop"):
        block_subunit(7, 0, 2, 2, (8, 8))
    with pytest.raises(UserError, match="centre"):
        gaussian_subunit(8.5, 0, 1, (8, 8))
    with pytest.raises(UserError, match="pixel of a subunit on its crop"):
        patch_subunit([[0, 0], [0, 8]], (8, 8))


def test_an_elongated_gaussian_has_the_axes_it_says():
    image = gaussian_subunit(20, 18, 3, (41, 37), ratio=2, angle=30)
    rows, columns = (part - at for part, at in zip(np.indices((41, 37)), (20, 18), strict=True))
    weight = image / image.sum()
    moments = [[(weight * a * b).sum() for a in (columns, rows)] for b in (columns, rows)]
    sizes, axes = np.linalg.eigh(moments)
    assert sizes == pytest.approx([9 / 2, 9 * 2], rel=0.02)
    assert np.degrees(np.arctan2(*axes[::-1, 1])) % 180 == pytest.approx(30, abs=1)


def test_subunits_of_the_opposite_polarity_see_the_opposite():
    blocks, output = [{"shape": "block", "y": 1, "x": x} for x in (1, 5)], {"threshold": 0}

    def cell(*kinds):
        subunits = [one | {"polarity": kind} for one, kind in zip(blocks, kinds, strict=True)]
        about = {"polarity": "ON", "output": output, "subunits": subunits}
        return build_cell(CellSettings(crop={"y": 0, "x": 0}, **about), 30.0)

    on, off, both = cell(None, "ON"), cell("OFF", "OFF"), cell("ON", "OFF")
    movie = noise(200)
    left, right = (replace(one, weights=np.array(weights, float)) for one, weights in
                   ((on, (1, 0)), (off, (0, 1))))  # fmt: skip
    expected = firing_rate(left, movie) + firing_rate(right, movie)
    assert np.allclose(firing_rate(both, movie), expected, atol=1e-4)
    # Equal subunits of both polarities cancel in the linear receptive field, not in the rate.
    assert both.spatial_filter.sum() == 0 and both.signs.tolist() == [1, -1]


def test_basis_begins_with_its_leading_profile():
    leading = difference_of_gammas(20, 30.0)
    basis = orthonormal_basis(leading, 5)
    assert np.allclose(basis[0], leading, atol=1e-6)
    assert np.allclose(basis @ basis.T, np.eye(5), atol=1e-5)
