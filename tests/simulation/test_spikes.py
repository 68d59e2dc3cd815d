"""Spikes of cells with synapses and membranes: what reaches them, and how spikes are kept."""

import numpy as np
import pytest
from helpers.cells import YAN2020, noise
from scipy.stats import gamma

from finefield.base.errors import UserError
from finefield.recordings.formats.spike_times import read
from finefield.recordings.settings import SpikeTimesLayout
from finefield.simulation.cell import build_cell
from finefield.simulation.drives import inputs
from finefield.simulation.settings import CellSettings
from finefield.simulation.spikes import conductances, firing_rate, simulate_responses

GAUSSIANS = CellSettings(
    crop={"y": 0, "x": 0},
    subunits=[{"shape": "gaussian", "y": y, "x": x, "sigma": 1.0} for y in (2, 5) for x in (2, 5)],
    output={"threshold": 0},
)
LIF = GAUSSIANS.changed(spikes="lif", membrane={"excitation": 0.01})
MECHANISMS = {
    "surround": {},
    "gain_control": {},
    "depression": {},
    "inhibition": {"sd": 3, "weight": 2},
}


def responses(settings, n_frames=3000, n_trials=1, threads=1, seed=0):
    known = noise(n_frames), n_trials, 30.0, np.random.default_rng(seed)
    return simulate_responses(build_cell(settings, 30.0), *known, threads=threads)


def total(settings, n_frames=500):
    """Excitation and inhibition (frame, phase) in noise."""
    _, excitation, inhibition = next(inputs(build_cell(settings, 30.0), noise(n_frames)))
    return excitation, inhibition


def test_samples_within_a_frame_begin_with_what_the_frame_itself_gives():
    slow, fast = total(GAUSSIANS)[0], total(LIF)[0]
    assert slow.shape == (500, 1) and fast.shape == (500, 17)
    assert np.allclose(fast[:, :1], slow)
    # The next frame's first sample follows the last one of this frame smoothly.
    within = np.abs(np.diff(fast, axis=1)).max()
    assert np.abs(fast[1:, 0] - fast[:-1, -1]).max() < 20 * within


@pytest.mark.parametrize(("frame", "phase"), [(30, 0), (47, 5), (100, 16)])
def test_an_inhibitor_sees_later_by_its_delay(frame, phase):
    own = LIF.changed(inhibition={"delay": 50, "sd": 3.0, "weight": 1.5})
    cell = build_cell(own, 30.0)
    time = frame + phase / 17
    seen = [float((one * cell.inhibitor.image).sum()) for one in noise(500).frames()]
    drive = sum(
        gammas((time - shown) / 30 - 0.05 - 2 / 30) * seen[shown]
        for shown in range(max(0, frame - 21), frame + 1)
    )
    norm = np.linalg.norm([gammas((lag - 2) / 30) for lag in range(20)])
    assert total(own)[1][frame, phase] == pytest.approx(1.5 * max(0, -drive / norm), abs=1e-9)


def gammas(t):
    return gamma.pdf(t, 4, scale=0.05) - gamma.pdf(t, 5, scale=0.05)


def test_an_inhibitor_is_as_strong_as_a_subunit():
    cell = build_cell(LIF.changed(inhibition={"sd": 3}), 30.0)
    norms = np.linalg.norm(cell.subunits.reshape(4, -1), axis=1)
    assert np.linalg.norm(cell.inhibitor.image) == pytest.approx(norms.mean())


def test_a_surround_takes_its_part_of_the_centres_integral():
    one = {"shape": "gaussian", "y": 20, "x": 20, "sigma": 2.0}
    wide = CellSettings(crop={"y": 0, "x": 0, "height": 41, "width": 41}, subunits=[one])
    centre = build_cell(wide, 30.0).subunits[0]
    both = build_cell(wide.changed(surround={"weight": 0.5, "ratio": 3}), 30.0).subunits[0]
    # It ends at two SDs, where 1 - exp(-2) of a Gaussian lies within.
    assert both.sum() / centre.sum() == pytest.approx(1 - 0.5 * (1 - np.exp(-2)), abs=0.01)
    assert both[20, 20] > 0 > both[20, 28]
    assert both[20, 33] == centre[20, 33]


@pytest.mark.parametrize("name", MECHANISMS)
def test_each_mechanism_lowers_the_rate(name):
    plain = GAUSSIANS.changed(output={"threshold": 1.0})
    cells = (build_cell(plain.changed(**keys), 30.0) for keys in ({}, {name: MECHANISMS[name]}))
    without, with_it = (firing_rate(cell, noise(2000)).mean() for cell in cells)
    assert with_it < 0.95 * without


def test_rates_do_not_depend_on_blocks():
    cell = build_cell(GAUSSIANS.changed(**MECHANISMS), 30.0)
    whole = firing_rate(cell, noise(9000))
    parts = np.concatenate([np.maximum(0, e - i).mean(1) for _, e, i in small_blocks(cell, 9000)])
    assert np.allclose(whole, cell.gain * parts, atol=1e-5)


def small_blocks(cell, n_frames):
    """`inputs` from blocks of another size."""
    movie = noise(n_frames)
    blocks = type(movie).blocks

    class Small(type(movie)):
        def blocks(self, history, size=0):
            return blocks(self, history, 1000)

    return inputs(cell, Small(movie.codes, movie.n_frames, movie.low, movie.high))


def test_conductances_follow_the_sum_with_the_synapses_time_constant():
    own = LIF.changed(membrane={"excitation": 0.01, "time_constant": 20})
    cell = build_cell(own, 30.0)
    slow, _ = conductances(cell, noise(500))
    target, keep, state = 0.01 * np.maximum(total(own)[0], 0).ravel(), np.exp(-cell.sample / 20), 0
    for sample, now in enumerate(target[:300]):
        state = keep * state + (1 - keep) * now
        assert slow[sample] == pytest.approx(state, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("spikes", ["lif", "fohlmeister_miller"])
def test_trials_differ_by_noise_alone_and_not_by_threads(spikes):
    excitation = {"lif": 0.015, "fohlmeister_miller": 0.004}[spikes]
    own = LIF.changed(spikes=spikes, membrane={"excitation": excitation})
    one, two = (responses(own, 900, 6, threads) for threads in (1, 3))
    assert one.spike_count.sum() > 50
    assert np.array_equal(one.spike_count, two.spike_count)
    assert np.array_equal(one.spike_time, two.spike_time)
    assert not np.array_equal(one.spike_count[0], one.spike_count[1])
    assert np.corrcoef(one.spike_count[:3].sum(0), one.spike_count[3:].sum(0))[0, 1] > 0.3
    silent = own.changed(membrane={"excitation": excitation, "noise": 0})
    quiet = responses(silent, 900, 2).spike_count
    assert np.array_equal(quiet[0], quiet[1])


def test_the_potential_is_kept_as_long_as_asked_for():
    own = LIF.changed(spikes="fohlmeister_miller", membrane={"kept": 0.5, "excitation": 0.004})
    found = responses(own, 300)
    assert len(found.potential) * found.step == pytest.approx(500, abs=1)
    inside = found.spike_time[found.spike_time < 0.5]
    up = (found.potential[:-1] < -10) & (found.potential[1:] >= -10)
    assert up.sum() == len(inside) > 0
    assert np.allclose(np.flatnonzero(up) * found.step / 1000, inside, atol=0.0002)


def test_spike_times_are_counted_by_the_importer_as_here(tmp_path):
    found = responses(LIF, 2000, 3)
    assert found.spike_count.sum() > 100
    times = [found.spike_time[found.spike_trial == trial] for trial in range(3)]
    # Trials follow one another, a second apart.
    begin = 1.0 + np.arange(3) * (2000 / 30 + 1)
    frames = begin[:, None] + np.arange(2000) / 30
    spikes = np.concatenate([one + start for one, start in zip(times, begin, strict=True)])
    data = {
        "running_frame_times": frames,
        "frozen_frame_times": frames + 1000,
        "spike_times/a": spikes,
    }
    np.savez(tmp_path / "a.npz", **data)
    layout = SpikeTimesLayout(format="spike_times", spikes_outside="ignore")
    recording = read(tmp_path / "a.npz", layout, 30.0)
    assert np.array_equal(recording.running.spike_count[0], found.spike_count)


def test_poisson_counts_of_a_cell_with_mechanisms_have_the_variance_of_their_mean():
    own = GAUSSIANS.changed(**MECHANISMS, spikes="poisson", output={"threshold": 0, "gain": 20})
    found = responses(own, 400, 400)
    mean, variance = found.spike_count.mean(0), found.spike_count.var(0)
    busy = mean > 0.1
    assert busy.sum() > 50
    assert (variance[busy] / mean[busy]).mean() == pytest.approx(1, abs=0.03)
    assert np.allclose(mean, found.rate / 30, atol=5 * np.sqrt(found.rate.max() / 30 / 400))


def test_a_rate_that_no_ganglion_cell_has_is_refused():
    with pytest.raises(UserError, match=r"a mean rate of \d+ Hz.*at most 150 Hz.*excitation"):
        responses(LIF.changed(membrane={"excitation": 0.5}), 300)


def test_the_papers_cell_has_no_samples_within_frames():
    assert len(build_cell(YAN2020, 30.0).filters) == 1
