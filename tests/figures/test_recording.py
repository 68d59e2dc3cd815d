"""The page of a recording shows its cells, trials, frames and averages, and what looks wrong."""

import numpy as np
import pytest
from helpers.faulty import CENTRES, quality
from helpers.figures import STYLE, assert_text_is_clear, words

from finefield.figures.recordings.page import recording_figure
from finefield.tables.faults import faults


def drawn(found):
    return recording_figure(found, faults(found), "eye, noise", 30.0, STYLE)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return quality(tmp_path_factory.mktemp("eye"), "gap", "silent", "lost", "slip", "twin")


def test_the_page_says_what_was_found(faulty):
    figure = drawn(faulty)
    text = words(figure)
    spikes = int(faulty["/"]["n_spikes"].sum())
    assert f"eye, noise: n = 5 cells, {spikes:,} spikes" in text
    assert "frozen: n = 20 trials, 2 silent" in text and "running, gaps: 1" in text
    assert "First 9,000 stimulus frames" in text
    for name in ("gaps", "silent trials", "lost units", "slip of frames", "duplicate units"):
        assert f"• {name}" in text
    for cell in faulty["/"]["cell"].values:
        snr = float(faulty["/"]["sta_snr"].sel(cell=cell))
        assert f"{cell} ON, {snr:.1f}" in text
    assert_text_is_clear(figure)


def test_rates_are_shown_as_they_are(faulty):
    """In powers of two of a cell's mean; tenths of the lost unit without spikes are black."""
    change, black = (image.get_array() for image in drawn(faulty).axes[0].images)
    rate = faulty["/"]["rate"].values
    shown = 2.0**change * faulty["/"]["mean_rate"].values[:, None]
    assert np.array_equal(change.mask, rate == 0) and np.array_equal(black.mask, rate > 0)
    np.testing.assert_allclose(shown[rate > 0], rate[rate > 0])
    assert (rate == 0).sum() == 3


def test_maps_lie_around_the_cells(faulty):
    figure = drawn(faulty)
    maps = [axes for axes in figure.axes if "\nON" in axes.get_title()]
    assert len(maps) == 5
    for axes in maps:
        cell = axes.get_title().split("\n")[0]
        image = np.asarray(axes.images[0].get_array())
        peak = np.unravel_index(image.argmax(), image.shape)
        np.testing.assert_allclose(peak, CENTRES["a" if cell == "twin" else cell], atol=1)


def test_a_page_without_averages_times_or_faults(faulty):
    known = [name for name in faulty["/"] if name.startswith(("sta", "rf", "frame_slip"))]
    root = faulty["/"].drop_vars(known).isel(cell=[0])
    root["twin_correlation"][:] = 0
    frames = faulty["running"].drop_dims(["interval", "gap"])
    text = words(drawn({"/": root, "running": frames}))
    assert "no times of frames" in text and "What looks wrong | nothing" in text
    assert "frozen" not in text


@pytest.mark.parametrize("n_cells", [1, 38, 60, 400])
@pytest.mark.parametrize("name", ["unit_{}", "unit_{}_of_a_long_recording"])
def test_few_and_many_cells_have_room(faulty, n_cells, name):
    many = dict(faulty)
    many["/"] = faulty["/"].isel(cell=np.arange(n_cells) % 5)
    names = [name.format(number) for number in range(n_cells)]
    many["/"] = many["/"].assign_coords(cell=names)
    many["/"]["frame_slip"][9:] = np.nan
    # An average without noise, as of a field of one pixel.
    many["/"]["sta_snr"][0] = np.nan
    assert_text_is_clear(drawn(many))
