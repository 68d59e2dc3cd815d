"""A recording of four cells with spike times, whose faults are known."""

import numpy as np

from finefield.averages.settings import ReceptiveFieldSettings
from finefield.recordings.read import read_recording
from finefield.recordings.settings import SpikeTimesLayout
from finefield.stimuli.build import first_frames, known_frames
from finefield.stimuli.settings import NumpyNoise, StimulusField
from finefield.tables.quality import assess

RATE, HEIGHT, WIDTH = 30.0, 12, 14
FRAMES, FROZEN, REPEATS = 9000, 90, 20
#: Cell -> middle (y, x) of the 3 x 3 pixels that it follows.
CENTRES = {"a": (3, 4), "b": (5, 9), "c": (8, 3), "d": (9, 11)}
#: Frames from a stimulus to the spikes that it evokes.
LATENCY = 2
DATASET = {
    "kind": "recorded",
    "recording": "eye.npz",
    "layout": {"format": "spike_times", "spikes_outside": "ignore"},
    "field": {"height": HEIGHT, "width": WIDTH, "frame_rate": RATE},
    "receptive_field": {"min_crop": 8, "max_crop": 8},
    "stimuli": {"noise": {"kind": "numpy", "running_seed": 1, "frozen_seed": 2}},
}
FIELD = StimulusField(**DATASET["field"])


def _counts(seed, n_frames, repeats, rng):
    """Spike counts (cell, repeat, frame) of ON cells that see NumPy's noise."""
    frames = 2.0 * np.random.default_rng(seed).integers(0, 2, (n_frames, HEIGHT, WIDTH)) - 1
    rates = []
    for y, x in CENTRES.values():
        drive = frames[:, y - 1 : y + 2, x - 1 : x + 2].sum((1, 2)) / 3
        rates.append(np.roll(0.4 * np.maximum(drive - 0.2, 0), LATENCY))
    return rng.poisson(np.array(rates)[:, None], (len(CENTRES), repeats, n_frames))


def _times(count, onset):
    """Times of spikes at even distances in their frames, so that none is near another."""
    frame = np.repeat(np.arange(len(count)), count)
    rank = np.arange(len(frame)) - np.repeat(np.cumsum(count) - count, count)
    return onset[frame] + (rank + 0.5) / count[frame] / RATE


def save(path, *faults):
    """Write a recording with all of these faults: names of the parameters that are tested here."""
    rng = np.random.default_rng(3)
    running = _counts(1, FRAMES, 1, rng)[:, 0]
    frozen = _counts(2, FROZEN, REPEATS, rng)
    onset = 10 + np.arange(FRAMES) / RATE
    if "gap" in faults:
        onset[4000:] += 2 / RATE
    if "pause" in faults:
        onset[4000:] += 100 / RATE
    repeats = onset[-1] + 1 + np.arange(REPEATS)[:, None] * 4 + np.arange(FROZEN) / RATE
    if "silent" in faults:
        frozen[:, 15:17] = 0
    if "noise" in faults:
        running = rng.permuted(running, axis=1)
    if "unreliable" in faults:
        frozen = rng.permuted(frozen, axis=2)
    if "lost" in faults:
        running[1, 6000:] = 0
    if "drift" in faults:
        running[2] = rng.binomial(running[2], np.linspace(1, 0.2, FRAMES))
    spikes = {}
    for number, cell in enumerate(CENTRES):
        times = _times(running[number], onset)
        if "slip" in faults:
            times[times > onset[4500]] += 1 / RATE
        times = [times, *map(_times, frozen[number], repeats)]
        spikes[cell] = np.concatenate(times)
    if "merged" in faults:
        extra = spikes["d"][rng.random(len(spikes["d"])) < 0.05] + 0.001
        spikes["d"] = np.sort(np.concatenate([spikes["d"], extra]))
    if "twin" in faults:
        spikes["twin"] = spikes["a"][rng.random(len(spikes["a"])) < 0.85]
    spikes = {f"spike_times/{cell}": times for cell, times in spikes.items()}
    if "pause" in faults:
        onset = np.delete(onset, slice(4000, 4040))
    if "stray" in faults:
        onset = np.insert(onset, 0, onset[0] - 2)
    if "unrepeated" not in faults:
        spikes["frozen_frame_times"] = repeats
    np.savez(path, running_frame_times=onset, **spikes)


def quality(folder, *faults, parts=None, cells=None):
    """What is found in such a recording; `parts` are frames of the stimulus, if it tells."""
    save(folder / "eye.npz", *faults)
    unrepeated = {"frozen_times_key": None} if "unrepeated" in faults else {}
    layout = SpikeTimesLayout(**DATASET["layout"], **unrepeated)
    recording = read_recording(folder / "eye.npz", layout, RATE)
    seed = 1 if parts is None else [{"seed": 1, "frames": parts}]
    noise = NumpyNoise(kind="numpy", running_seed=seed, frozen_seed=2)
    return assess(
        recording,
        first_frames(noise, min(FRAMES, parts or FRAMES), FIELD.height, FIELD.width),
        cells=cells or recording.cells,
        field=FIELD,
        delay=0,
        min_spikes=50,
        lags=10,
        receptive_field=ReceptiveFieldSettings(**DATASET["receptive_field"]),
        known_frames={name: known_frames(noise, name) for name in recording.sequences},
    )
