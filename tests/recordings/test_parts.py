"""A recording in several files is read as one."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.formats import COUNT_FORMATS, TIME_FORMATS, cells_in
from helpers.recordings import (
    CELLS,
    COUNTS,
    FROZEN,
    RATE,
    RUNNING,
    cell_names,
    check,
    count_arrays,
    read_recording,
    simulate,
)

from finefield.base.errors import UserError
from finefield.config.choice import check_files, recording_files
from finefield.config.reading import complete
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.parts import joined


def halves(simulated):
    """The first trial and the other three, as two recordings."""
    middle = simulated.running_times[1, 0]
    for rows, early in ((slice(1), True), (slice(1, None), False)):
        spikes = {c: t[(t < middle) == early] for c, t in simulated.spikes.items()}
        trials = {name: getattr(simulated, name)[rows] for name in ("running", "frozen")}
        times = {f"{n}_times": getattr(simulated, f"{n}_times")[rows] for n in trials}
        yield replace(simulated, spikes=spikes, **times, **trials)


def write(tmp_path, name, simulated=None):
    """Paths and layout of the common recording in two files."""
    paths = [tmp_path / f"{part}_{name}" for part in ("one", "two")]
    for path, half in zip(paths, halves(simulated or simulate()), strict=True):
        layout = (COUNT_FORMATS | TIME_FORMATS)[name](half, path)
    return paths, layout


@pytest.mark.parametrize("name", COUNT_FORMATS | TIME_FORMATS)
def test_two_files_hold_what_one_would(tmp_path, name):
    paths, layout = write(tmp_path, name)
    # Between the files are spikes of a pause.
    found = read_recording(paths, layout | {"spikes_outside": "ignore"}, RATE)
    check(found, simulate(), cells_in(name))
    assert cell_names(paths, layout) == list(cells_in(name))


@pytest.mark.parametrize(
    ("parts", "starts"), [("start_anew", [0, 0]), ([7, 1000], [7, 1000]), ("go_on", [0, RUNNING])]
)
def test_where_each_part_begins(tmp_path, parts, starts):
    paths, layout = write(tmp_path, "counts.npz")
    found = read_recording(paths, layout | {"parts": parts}, RATE)
    expected = [starts[0], *(starts[1] + RUNNING * np.arange(3))]
    assert found.running.first_frame.tolist() == expected
    assert found.frozen.first_frame.tolist() == [0] * 4


def test_cells_in_another_order_and_trials_of_another_length(tmp_path):
    arrays = count_arrays(simulate())
    np.savez(tmp_path / "1.npz", **arrays, names=CELLS)
    turned = {key: array[::-1, :-2] for key, array in arrays.items()}
    np.savez(tmp_path / "2.npz", **turned, names=CELLS[::-1])
    paths, layout = [tmp_path / "1.npz", tmp_path / "2.npz"], COUNTS | {"names_key": "names"}
    found = read_recording(paths, layout, RATE)
    assert found.cells == CELLS
    assert found.frozen.n_frames.tolist() == [FROZEN] * 4 + [FROZEN - 2] * 4
    for trials, n in ((slice(4), FROZEN), (slice(4, 8), FROZEN - 2)):
        count = found.frozen.spike_count[:, trials, :n]
        assert np.array_equal(count, arrays["spk2"].transpose(0, 2, 1)[:, :, :n])


def test_other_cells_are_refused(tmp_path):
    arrays = count_arrays(simulate())
    np.savez(tmp_path / "1.npz", **arrays)
    np.savez(tmp_path / "2.npz", **{key: array[:2] for key, array in arrays.items()})
    paths = [tmp_path / "1.npz", tmp_path / "2.npz"]
    for way in (lambda: read_recording(paths, COUNTS, RATE), lambda: cell_names(paths, COUNTS)):
        with pytest.raises(UserError, match=r"1\.npz: got cell 2, which .*2\.npz lacks"):
            way()


def test_frames_in_which_a_cell_was_observed_stay_with_their_part():
    def part(observed):
        one = Sequence(np.ones((1, 1, 4), np.uint8), np.zeros(1, int), np.array([4]), observed)
        return Recording(("a",), one, one)

    seen = np.array([[[True, False, False, True]]])
    found = joined({1: part(None), 2: part(seen)}, "go_on").running.observed
    assert found.tolist() == [[[True] * 4, [True, False, False, True]]]


def test_the_config_of_several_files(tmp_path):
    np.savez(tmp_path / "1.npz", spk1=np.ones((2, 60, 3)), spk2=np.ones((2, 60, 3)))
    np.savez(tmp_path / "2.npz", spk1=np.ones((2, 60, 9)), spk2=np.ones((2, 60, 9)))
    files = [str(tmp_path / "1.npz"), str(tmp_path / "2.npz")]
    models = {"small": {"lags": 20}}
    dataset = {"kind": "recorded", "recording": files}
    config = complete({"datasets": {"eye": dataset}, "models": models})
    check_files(config)
    assert recording_files(config.datasets["eye"].stimuli["white_noise"]) == files
    dataset["layout"] = {"parts": [0, 180, 720]}
    with pytest.raises(UserError, match=r"eye\.layout\.parts: got .*a frame for each of 2 files"):
        complete({"datasets": {"eye": dataset}, "models": models})
