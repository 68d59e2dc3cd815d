"""Frame triggers too many and too few: refused, named, or filled as the layout says."""

import logging

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.recordings.read import read_recording
from finefield.recordings.settings import SpikeTimesLayout

RATE, FRAMES = 30.0, 6000


def trigger_times(n=FRAMES):
    return 100.0 + np.arange(n) / RATE


def recording(tmp_path, running, spikes=None, frozen=None, **layout):
    frozen = trigger_times(60)[None] + 1000 if frozen is None else frozen
    spikes = trigger_times()[::7] + 0.004 if spikes is None else spikes
    data = {"running_frame_times": running, "frozen_frame_times": frozen, "spike_times/a": spikes}
    np.savez(tmp_path / "a.npz", **data)
    layout = SpikeTimesLayout(format="spike_times", spikes_outside="ignore", **layout)
    return read_recording(tmp_path / "a.npz", layout, RATE)


def expected():
    count = np.zeros(FRAMES, int)
    count[::7] = 1
    return count


def test_a_trigger_too_many_is_refused_with_its_place(tmp_path):
    times = trigger_times()
    extra = np.insert(times, 3001, times[3000] + 1 / (3 * RATE))
    words = r"running_frame_times: got 200\.011\d* only 0\.33 periods after 200\.0 in trial 0, "
    words += "frame 3001"
    with pytest.raises(UserError, match=words):
        recording(tmp_path, extra)


@pytest.mark.parametrize("lost", [[700], [700, 1500, 1501, 3000, 5000]])
def test_lost_triggers_are_named_and_filled_if_their_frames_were_shown(tmp_path, caplog, lost):
    times = np.delete(trigger_times(), lost)
    with caplog.at_level(logging.WARNING):
        cut = recording(tmp_path, times)
    n_gaps = 1 if len(lost) == 1 else 4
    assert f"{n_gaps} gap{'s' * (n_gaps > 1)} between frames" in caplog.text
    assert cut.running.n_frames.shape == (n_gaps + 1,)
    whole = recording(tmp_path, times, lost_triggers="shown")
    assert f"{len(lost)} frames added in gaps" in caplog.text
    assert whole.running.n_frames.tolist() == [FRAMES]
    assert np.array_equal(whole.running.spike_count[0, 0], expected())


def test_rows_that_were_padded_for_lost_triggers_keep_their_frames(tmp_path):
    rows = trigger_times(1000).reshape(2, 500) + np.array([[0], [5.0]])
    short = np.full_like(rows, np.nan)
    short[0, :499], short[1] = np.delete(rows[0], 77), rows[1]
    found = recording(tmp_path, short, spikes=rows.ravel()[[80, 510]], lost_triggers="shown")
    assert found.running.first_frame.tolist() == [0, 500]
    assert found.running.n_frames.tolist() == [500, 500]
    assert [np.flatnonzero(row).tolist() for row in found.running.spike_count[0]] == [[80], [10]]


def test_a_pause_is_no_lost_trigger(tmp_path):
    times = trigger_times()
    times[3000:] += 30.0
    found = recording(tmp_path, times, lost_triggers="shown")
    assert found.running.n_frames.tolist() == [3000, 3000]
    assert found.running.first_frame.tolist() == [0, 3000]


def test_good_triggers_pass_in_silence(tmp_path, caplog):
    jitter = np.random.default_rng(0).normal(0, 0.001, FRAMES)
    found = recording(tmp_path, trigger_times() + jitter)
    assert found.running.n_frames.tolist() == [FRAMES]
    assert "gap" not in caplog.text


def test_a_trigger_too_many_between_rows_is_refused(tmp_path):
    """Its distance to the next frame is long enough, 0.7 periods."""
    rows = np.full((2, 3001), np.nan)
    rows[0, :3000], rows[1, 1:] = trigger_times().reshape(2, 3000)
    rows[1, 0] = rows[1, 1] - 0.7 / RATE
    with pytest.raises(UserError, match=r"got 199\.9\d* only 0\.3 periods .* in trial 1, frame 0"):
        recording(tmp_path, rows)


def test_a_trigger_too_many_before_the_frozen_sequence_is_refused(tmp_path):
    times = trigger_times()
    frozen = times[-1] + (0.3 + np.arange(60)[None]) / RATE
    with pytest.raises(UserError, match=r"frozen_frame_times: got .* only 0\.3 periods after 299"):
        recording(tmp_path, times, frozen=frozen)


@pytest.mark.parametrize("place", [0, 3000])
def test_a_trigger_in_a_pause_is_named(tmp_path, caplog, place):
    """As of a flash before the stimulus; also if gaps are filled, it is no frame's."""
    times = trigger_times()
    times[3000:] += 3.0
    times = np.insert(times, place, times[place] - 1.5)
    recording(tmp_path, times, lost_triggers="shown")
    assert f"running_frame_times: a trigger is alone at {times[place]:g}: if this" in caplog.text


@pytest.mark.parametrize("rate", [0.92, 1.07])
def test_gaps_are_filled_by_the_rate_of_the_triggers_not_the_nominal_one(tmp_path, rate):
    times = 100.0 + np.arange(FRAMES) / RATE / rate
    lost = np.delete(times, slice(3000, 3009))
    spikes = times[::7] + 0.004
    found = recording(tmp_path, lost, spikes, lost_triggers="shown")
    assert np.array_equal(found.running.spike_count[0, 0], expected())


@pytest.mark.parametrize(("row", "level"), [(0, "WARNING"), (2, "INFO")])
def test_trials_of_fewer_frames_are_named(tmp_path, caplog, row, level):
    """The first trigger of a trial may be lost; the last trial may have been ended early."""
    rows = trigger_times().reshape(3, 2000)
    rows[row, :-1], rows[row, -1] = rows[row, 1:].copy(), np.nan
    with caplog.at_level(logging.INFO):
        recording(tmp_path, rows)
    said = f"1 of 3 trials have fewer than 2000 frames, such as trial {row} (from 0) with 1999"
    assert [one.levelname for one in caplog.records if said in one.getMessage()] == [level]


def frozen_row(pause):
    """Times of 20 repeats of 60 frames in one row, with pauses of so many seconds."""
    start = 1000 + np.arange(20) * (60 / RATE + pause)
    return (start[:, None] + np.arange(60) / RATE).ravel()


@pytest.mark.parametrize("pause", [0.0, 3.0])
def test_repeats_in_one_row_are_taken_apart_if_their_length_is_told(tmp_path, caplog, pause):
    row = frozen_row(pause)
    spikes = np.concatenate([trigger_times()[::7], row[3::60]]) + 0.004
    with caplog.at_level(logging.INFO):
        found = recording(tmp_path, trigger_times(), spikes, frozen=row[None], frozen_frames=60)
    assert found.frozen.first_frame.tolist() == [0] * 20
    assert (found.frozen.spike_count[0, :, 3] == 1).all() and found.frozen.spike_count.sum() == 20
    assert "20 whole repeats of 60 frames among 20 trials" in caplog.text


def test_without_their_length_the_log_says_that_there_is_one_repeat(tmp_path, caplog):
    recording(tmp_path, trigger_times(), frozen=frozen_row(0.0)[None])
    assert "1 whole repeats of 1200 frames among 1 trials; without two there is no" in caplog.text


def test_frames_that_make_no_whole_repeats_are_refused(tmp_path):
    words = r"frozen_frame_times: got 1199 frames; expected a multiple of frozen_frames, 60; there"
    with pytest.raises(UserError, match=words):
        recording(tmp_path, trigger_times(), frozen=frozen_row(0.0)[None, 1:], frozen_frames=60)


def test_times_of_the_monitors_frames_are_named(tmp_path):
    times = 100.0 + np.arange(2 * FRAMES) / (2 * RATE)
    words = (
        r"frames at 60 Hz.*save one of every 2 times if each stimulus frame was held for 2 frames"
    )
    with pytest.raises(UserError, match=words):
        recording(tmp_path, times)
