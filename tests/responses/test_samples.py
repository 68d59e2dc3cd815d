"""Which samples are used, which are held out, and that no image is in both parts."""

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData, of_one_part, spread_blocks
from finefield.responses.settings import SampleSettings


@pytest.mark.parametrize("lags", [1, 4, 9])
def test_a_sample_sees_frames_of_one_part_alone(lags):
    """Each sample by hand: all frames that it sees are held out, or none is."""
    rng = np.random.default_rng(lags)
    held_out = np.repeat(rng.random(40) < 0.4, rng.integers(1, 15, 40))
    newest = rng.permutation(np.arange(lags - 1, len(held_out)))
    expected = [len(set(held_out[n - lags + 1 : n + 1].tolist())) == 1 for n in newest]
    assert of_one_part(newest, lags, held_out).tolist() == expected


def test_training_sees_no_validation_image_and_validation_no_training_image():
    rng = np.random.default_rng(0)
    held_out = np.repeat(np.tile([False, False, True], 20), 50)
    responses = Responses(rng.poisson(1.0, (1, len(held_out))), np.array([0]), 30.0)
    settings = SampleSettings(lags=10)
    data = TrainingData.of(responses, settings, held_out)
    for part, kept in ((data.held_out, True), (~data.held_out, False)):
        seen = data.newest[part][:, None] - np.arange(settings.lags)
        assert part.sum() > 500 and (held_out[seen] == kept).all()


def test_as_many_frames_are_used_as_asked():
    responses = Responses(np.ones((1, 20_000), int), np.array([0]), 30.0)
    some = TrainingData.of(responses, SampleSettings(data_fraction=0.25, lags=5))
    assert len(some.count) == pytest.approx(5_000, rel=0.02)
    assert some.held_out.mean() == pytest.approx(0.1, abs=0.02)
    first = TrainingData.of(responses, SampleSettings(max_frames=1000, lags=5))
    assert first.newest.tolist() == list(range(4, 1004))


@pytest.mark.parametrize(("spikes", "part"), [(slice(0, 0), "training"), (slice(0, 30), "valid")])
def test_a_part_without_spikes_is_refused(spikes, part):
    counts = np.zeros((1, 5000), int)
    counts[0, 20:][spikes] = 1
    with pytest.raises(UserError, match=f"{part}.* part of the responses: got no spike in"):
        TrainingData.of(Responses(counts, np.array([0]), 30.0), SampleSettings())


@pytest.mark.parametrize("n_samples", [50, 1_000, 123_457])
@pytest.mark.parametrize("fraction", [0.05, 0.1, 0.25, 0.5])
def test_validation_is_the_asked_part_in_every_stretch(n_samples, fraction):
    mask = spread_blocks(n_samples, fraction)
    assert mask.mean() == pytest.approx(fraction, abs=0.06 if n_samples < 10_000 else 0.01)
    if n_samples > 100_000:
        assert all(part.any() for part in np.array_split(mask, 10))
