"""Dead leaves: full, the same each time, and with the spectrum of natural images."""

import numpy as np

from finefield.stimuli.dead_leaves import dead_leaves


def test_images_are_full_and_more_of_them_begin_with_the_same_ones():
    few = dead_leaves(2, 40, 60, np.random.default_rng(1))
    many = dead_leaves(4, 40, 60, np.random.default_rng(1))
    for name, image in few.items():
        assert image.shape == (40, 60) and np.isfinite(image).all()
        np.testing.assert_array_equal(image, many[name])
    values = np.concatenate([image.ravel() for image in many.values()])
    assert values.min() >= 0 and values.max() < 1 and 0.3 < values.mean() < 0.7


def test_the_amplitude_spectrum_falls_as_one_over_frequency():
    side, images = 256, dead_leaves(12, 256, 256, np.random.default_rng(2))
    taper = np.hanning(side)[:, None] * np.hanning(side)
    power = np.mean(
        [np.abs(np.fft.fft2((one - one.mean()) * taper)) ** 2 for one in images.values()], axis=0
    )
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side))
    edges = np.geomspace(4 / side, 0.25, 9)
    ring = np.digitize(frequency, edges)
    amplitude = [np.sqrt(power[ring == number].mean()) for number in range(1, 9)]
    centre = [frequency[ring == number].mean() for number in range(1, 9)]
    slope = np.polyfit(np.log(centre), np.log(amplitude), 1)[0]
    assert -1.3 < slope < -0.8  # photographs: -1.2 to -0.9 (Tolhurst et al. 1992)
