"""The figure of a cell's physiology: panels, labels, and text that can be read."""

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, words

from finefield.figures.physiology import physiology_figure


def data(name="large_0", rate=6.0, silent=False):
    period, phase = np.array([28.0, 14, 7, 3.5]), np.arange(8) * 22.5
    first = np.abs(np.outer([60, 50, 20, 5], np.sin(np.deg2rad(phase)))) * (not silent)
    tried = {
        "frequency": 2.0,
        "flicker_contrast": ("contrast", [0.125, 0.25, 0.5, 1]),
        "contrast_response": ("contrast", np.array([5.0, 12, 40, 75]) * (not silent)),
        "grating_period": ("period", period, {"long_name": "spatial period", "units": "pixel"}),
        "grating_phase": ("phase", phase),
        "first_harmonic": (("period", "phase"), first),
        "second_harmonic": (("period", "phase"), first / 2 + 10 * (not silent)),
        "nonlinearity_index": np.nan if silent else 2.1,
    }
    count = np.zeros((1, 1, 3000), np.uint8)
    count[0, 0, : 0 if silent else round(rate * 100)] = 1
    time = np.array([] if silent else [0.2, 0.7, 1.4])
    spikes = {
        "cell": ("cell", [name]),
        "spike_count": (("cell", "trial", "frame"), count),
        "spike_time": ("spike", time),
        "spike_trial": ("spike", np.zeros(len(time), int)),
        "membrane_potential": ("time_step", np.full(40_000, -60.0)),
        "step_duration": 0.05,
    }
    return xr.Dataset(tried), xr.Dataset(spikes, attrs={"frame_rate": 30.0})


@pytest.mark.parametrize(
    "keys", [{}, {"silent": True}, {"name": "parvocellular_ganglion_cell_of_a_patch_12"}]
)
def test_the_figure_has_its_panels_and_its_text_is_clear(keys):
    figure = physiology_figure(*data(**keys), STYLE)
    text = words(figure)
    for part in ("membrane", "Uniform field at 2.0 Hz", "F1", "F2", "spatial phase [degree]"):
        assert part in text, part
    assert_text_is_clear(figure)


def test_the_figure_shows_the_spikes_of_its_time():
    figure = physiology_figure(*data(), STYLE)
    assert "n = 3 spikes" in words(figure)
    assert "6.00 Hz, n = 600 spikes, 1 in a frame" in words(figure)


def test_an_index_of_a_cell_without_f1_is_no_number():
    physiology, responses = data()
    assert "nonlinearity index 2.1" in words(physiology_figure(physiology, responses, STYLE))
    physiology["nonlinearity_index"] = 123.2
    figure = physiology_figure(physiology, responses, STYLE)
    assert "nonlinearity index > 10" in words(figure)
    assert_text_is_clear(figure)
