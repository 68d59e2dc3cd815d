"""Receptive fields planted in noise are found where they were planted; noise alone is not."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from scipy.io import loadmat

from finefield.averages.fields.location import locate
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.averages.sta import spike_triggered_average
from finefield.responses.responses import Responses
from finefield.stimuli.movie import BinaryStimulus
from finefield.stimuli.noise import ran1_blocks
from finefield.stimuli.window import Window

SHARED = Path(__file__).parents[3] / "shared"
LAGS = 12
#: Temporal filter of an OFF cell: a first negative lobe, then a positive one of the same size.
OFF = np.array([0, -0.2, -0.8, -1, -0.4, 0.3, 1, 0.8, 0.5, 0.2, 0, 0])


def planted(snr, y=30.4, x=41.2, major=4.0, minor=2.5, angle=30.0, shape=(60, 80), seed=0):
    """STA of an OFF cell with a Gaussian receptive field, its peak `snr` times the noise."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    turn = np.deg2rad(angle)
    along = (columns - x) * np.cos(turn) + (rows - y) * np.sin(turn)
    across = (rows - y) * np.cos(turn) - (columns - x) * np.sin(turn)
    bump = np.exp(-((along / major) ** 2 + (across / minor) ** 2) / 2)
    noise = np.random.default_rng(seed).standard_normal((LAGS, *shape))
    return 0.01 * (noise + snr * OFF[:, None, None] * bump)


def find(sta, **settings):
    return locate(
        sta[None], 30, ReceptiveFieldSettings(**{"min_size": 30, "max_size": 900, **settings})
    )


@pytest.mark.parametrize(
    ("snr", "off_centre", "off_axes"), [(100, 0.1, 0.05), (20, 0.3, 0.12), (6, 1, 0.3), (3, 2, 0.5)]
)
@pytest.mark.parametrize("seed", range(4))
def test_planted_field_is_found(snr, off_centre, off_axes, seed):
    field = find(planted(snr, seed=seed))
    ellipse = field.ellipse
    assert field.reason == "" and field.polarity == "OFF"
    assert np.hypot(ellipse.y - 30.4, ellipse.x - 41.2) < off_centre
    assert ellipse.major == pytest.approx(4, rel=off_axes)
    assert ellipse.minor == pytest.approx(2.5, rel=off_axes)
    # The largest of some 500 noisy values near the peak is up to 3.5 SD too large.
    assert snr - 1 < field.snr < snr * 1.03 + 3.5


@pytest.mark.parametrize("angle", [-60, 0, 30, 75, 90])
def test_angle_runs_from_x_towards_y(angle):
    turned = find(planted(100, angle=angle)).ellipse.angle - angle
    assert abs((turned + 90) % 180 - 90) < 3


def test_contrast_inverted_cell_is_on():
    off, on = find(planted(15)), find(-planted(15))
    assert (off.polarity, on.polarity) == ("OFF", "ON")
    assert (off.ellipse.y, off.ellipse.x) == (on.ellipse.y, on.ellipse.x) and off.crop == on.crop


@pytest.mark.parametrize("seed", range(10))
def test_noise_alone_is_not_a_receptive_field(seed):
    field = find(planted(0, seed=seed))
    assert "noise" in field.reason
    ellipse = field.ellipse
    assert np.isnan([ellipse.major, ellipse.minor, ellipse.angle]).all() and not ellipse.is_known
    field.crop.check_inside(60, 80)


def test_silent_cell_is_not_a_receptive_field():
    field = find(np.zeros((LAGS, 30, 30)))
    assert field.reason and np.isnan(field.snr)


@pytest.mark.parametrize(
    ("limits", "found"), [((30, 150), False), ((250, 900), False), ((30, 900), True)]
)
def test_unbelievable_sizes_are_refused(limits, found):
    field = find(planted(30), min_size=limits[0], max_size=limits[1])
    assert found == (field.reason == "")
    assert found or "diameter" in field.reason


def test_single_bright_pixel_is_no_smaller_than_a_pixel():
    sta = planted(0)
    sta[3, 20, 20] += 1
    field = find(sta)
    assert "diameter" in field.reason


@pytest.mark.parametrize(
    ("y", "x", "corner"),
    [(30, 41, (19, 30)), (3, 2, (0, 0)), (58, 78, (37, 57)), (30, 78, (19, 57))],
)
def test_crop_is_centred_and_stays_on_the_field(y, x, corner):
    crop = find(planted(50, y=y, x=x), min_crop=23, max_crop=23).crop
    assert (crop.height, crop.width) == (23, 23)
    assert abs(crop.y - corner[0]) <= 1 and abs(crop.x - corner[1]) <= 1
    crop.check_inside(60, 80)


def test_small_field_of_a_simulated_cell():
    sta = 0.01 * np.random.default_rng(1).standard_normal((LAGS, 8, 8))
    sta[:, 2:6, 2:6] += 0.2 * OFF[:, None, None]
    field = find(sta, min_crop=8)
    assert field.reason == "" and field.crop == Window(0, 0, 8, 8)
    assert abs(field.ellipse.y - 3.5) < 0.1 and abs(field.ellipse.x - 3.5) < 0.1


@pytest.mark.parametrize("strength", [0, 50])
def test_the_crop_grows_with_the_receptive_field_within_its_limits(strength):
    sides = [find(planted(strength), crop_reach=reach).crop.height for reach in (0.1, 3, 100)]
    assert sides[0] == 24 and sides[2] == 32
    if strength:
        assert sides[0] < sides[1] < sides[2] and sides[1] % 2


@pytest.mark.parametrize(
    ("shape", "crop"), [((1, 40), (1, 24)), ((40, 1), (24, 1)), ((3, 60), (3, 24))]
)
def test_bars_have_crops_as_long_as_others(shape, crop):
    """Each side is limited by its own side of the field."""
    field = find(planted(50, y=shape[0] // 2, x=shape[1] // 2, major=2, minor=2, shape=shape))
    assert field.reason == "" and field.polarity == "OFF"
    assert (field.crop.height, field.crop.width) == crop
    assert (field.ellipse.y, field.ellipse.x) == pytest.approx(np.array(shape) // 2, abs=0.2)
    assert field.ellipse.major == pytest.approx(2, rel=0.15)


def test_the_crop_is_never_larger_than_the_field():
    crop = find(planted(50, y=5, x=30, shape=(20, 50)), min_crop=25).crop
    assert (crop.y, crop.height, crop.width) == (0, 20, 25)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared with recordings")
def test_recorded_cells_are_where_their_energy_is():
    """Within 3 pixels of the largest patch of STA energy, for each of 40 cells."""
    window, n_frames = Window(20, 60, 100, 100), 219 * 1500
    bits = np.empty((window.height, window.width, -(-n_frames // 8)), np.uint8)
    for first, block in ran1_blocks(-10000, n_frames, 150, 200):
        bits[..., first // 8 : first // 8 + block.shape[-1]] = block[window.slices]
    stimulus = BinaryStimulus(bits, n_frames)
    for counts in loadmat(SHARED / "recordings/liu2017_white_noise_cells_00-39.mat")["spk1"]:
        responses = Responses(counts.T, 1500 * np.arange(219), 30.0, delay=1)
        sta = spike_triggered_average(stimulus, *responses.samples(20), 20)
        energy = ndimage.uniform_filter((sta**2).sum(axis=0), 3)
        spread = 1.4826 * np.median(np.abs(energy - np.median(energy)))
        labels, n = ndimage.label(energy > np.median(energy) + 5 * spread)
        largest = 1 + np.argmax(ndimage.sum_labels(labels > 0, labels, range(1, n + 1)))
        centre = ndimage.center_of_mass(labels == largest)
        field = find(sta)
        assert field.reason == ""
        assert np.hypot(field.ellipse.y - centre[0], field.ellipse.x - centre[1]) < 3
