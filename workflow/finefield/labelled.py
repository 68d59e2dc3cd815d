"""The stages as functions of labelled arrays, for sessions in Python.

Arrays have the names, dimensions and units of the files; docs/python.md shows the functions at
work. Everything else that the rooms offer is unlabelled, and takes plain arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from finefield import networks, simulation, stimuli, subunits
from finefield.base.errors import UserError
from finefield.base.rng import generator
from finefield.config.checks import check_network, require
from finefield.config.messages import checked
from finefield.files.cell import SIMULATED
from finefield.files.declared import dataset, variables
from finefield.files.filters import FOUND, found_values
from finefield.files.matching import MATCHED
from finefield.files.responses import MEMBRANE, membrane_values
from finefield.networks.settings import NetworkSettings
from finefield.responses.responses import Responses
from finefield.simulation.settings import CellSettings
from finefield.stimuli.files.frames import coded, contrasts_of
from finefield.subunits.settings import FilterSettings

__all__ = ["Trained", "find_subunits", "match_subunits", "simulate", "train", "white_noise"]

CONTRAST = variables("contrast (frame, y, x): contrast of the stimulus")
RATE = variables("firing_rate (frame) [Hz]: firing rate")
COUNT = variables("spike_count (frame): spikes in each stimulus frame")
CELL = COUNT | SIMULATED | MEMBRANE | {"firing_rate": replace(RATE["firing_rate"], only="drawn")}
RECOVERED = FilterSettings().recovered_cosine


@dataclass(frozen=True)
class Trained:
    """A trained network, and what it was trained on.

    Attributes
    ----------
    training : finefield.networks.Training
        The networks of all starts, with their learning curves.
    known, settings : finefield.networks.Known, finefield.networks.NetworkSettings
        Stimulus, samples and drift; and the networks' settings.
    """

    training: "networks.Training"
    known: "networks.Known"
    settings: NetworkSettings

    def predict(self, stimulus: xr.DataArray) -> xr.DataArray:
        """Firing rate (frame,) [Hz] that the selected network predicts.

        Parameters
        ----------
        stimulus : DataArray, dimensions (frame, y, x)
            Contrast on the cell's crop [1]. The first frames, whose history is incomplete, have no
            prediction.
        """
        network = self.training.network
        newest = np.arange(network.lags - 1, stimulus.sizes["frame"])
        rate = network.predict(as_movie(stimulus), newest)
        return dataset(RATE, {"frame": newest, "firing_rate": rate})["firing_rate"]


def white_noise(
    n_frames: int,
    height: int,
    width: int,
    frame_rate: float = 30.0,
    contrast: float = 0.5,
    seed: int = 1,
) -> xr.DataArray:
    """Binary white noise.

    Parameters
    ----------
    n_frames, height, width : int
        Size [frames, pixels].
    frame_rate : float
        Frames per second [Hz].
    contrast : float
        The contrasts are plus and minus this one [1].
    seed : int
        Source of the noise.

    Returns
    -------
    DataArray of float32, dimensions (frame, y, x)
        Contrast [1], with the attribute "frame_rate" [Hz].

    Examples
    --------
    >>> movie = white_noise(100, height=4, width=5)
    >>> dict(movie.sizes), movie.attrs["frame_rate"]
    ({'frame': 100, 'y': 4, 'x': 5}, 30.0)
    """
    rng = generator(seed, "noise")
    movie = stimuli.binary_noise(rng, n_frames, height, width, -contrast, contrast)
    frames = dataset(CONTRAST, {"contrast": movie.frames()})["contrast"]
    return frames.assign_attrs(frame_rate=frame_rate)


def simulate(stimulus: xr.DataArray, cell: Mapping[str, object], seed: int = 1) -> xr.Dataset:
    """Simulate a ganglion cell of known subunits.

    Parameters
    ----------
    stimulus : DataArray, dimensions (frame, y, x)
        Contrast [1], with the attribute "frame_rate" [Hz].
    cell : dict
        The cell as under ``datasets.<name>.cells.<cell>`` in the config: config/README.md describes
        the keys. Without a ``crop``, the cell sees the whole stimulus.
    seed : int
        Source of the spikes.

    Returns
    -------
    Dataset
        spike_count (frame); firing_rate (frame) [Hz], or what a membrane does; and of the cell,
        subunit_filter (subunit, y, x), subunit_sign, subunit_weight, temporal_filter (lag) [1].

    Raises
    ------
    UserError
        If the cell is not as described; if a subunit leaves the crop, or the crop the stimulus.
    """
    crop = {"y": 0, "x": 0, "height": stimulus.sizes["y"], "width": stimulus.sizes["x"]}
    frame_rate = frame_rate_of(stimulus)
    model = simulation.build_cell(checked(CellSettings, {"crop": crop} | dict(cell)), frame_rate)
    movie, rng = as_movie(stimulus).crop(model.window), generator(seed, "spikes")
    found = simulation.simulate_responses(model, movie, 1, frame_rate, rng)
    values = {
        "spike_count": found.spike_count[0],
        "firing_rate": found.rate,
        "subunit_filter": model.subunits,
        "subunit_sign": model.signs,
        "subunit_weight": model.weights,
        "temporal_filter": model.temporal_filter,
        **membrane_values(found),
    }
    return dataset(CELL, values).assign_attrs(frame_rate=frame_rate)


def train(
    stimulus: xr.DataArray,
    spike_count: xr.DataArray,
    network: str = "finefield",
    seed: int = 1,
    **settings: object,
) -> Trained:
    """Train a network to predict a cell's spikes.

    Parameters
    ----------
    stimulus : DataArray, dimensions (frame, y, x)
        Contrast on the cell's crop [1], with the attribute "frame_rate" [Hz].
    spike_count : DataArray, dimensions (frame,) or (trial, frame)
        Spikes in each stimulus frame. Trials have a coordinate first_frame (trial): the stimulus
        frame that was shown at a trial's first frame.
    network : str
        Kind of network, as under ``models.<name>.network`` in the config.
    seed : int
        Source of the random starts.
    **settings
        Further keys as under ``models.<name>``: config/README.md describes them.

    Raises
    ------
    UserError
        If a setting is not as described; if there are more responses than stimulus frames; as from
        `networks.train`.
    """
    require(
        network != "stnmf", "network", network, "one that is trained", "use networks.train_stnmf"
    )
    keys = checked(NetworkSettings, {"network": network, **settings})
    check_network("settings", keys)
    movie = as_movie(stimulus)
    responses = _responses(spike_count, stimulus)
    training = networks.train(movie, responses, keys, generator(seed, "training"))
    return Trained(training, networks.Known.of(movie, responses, training.gain, keys), keys)


def find_subunits(
    trained: Trained, pixel_size: float = float("nan"), seed: int = 1, **settings: object
) -> xr.Dataset:
    """Find the subunits that a network's filters stand for.

    Parameters
    ----------
    trained : Trained
        As from `train`.
    pixel_size : float
        Side of a stimulus pixel, for sizes [µm].
    seed : int
        Source of the permutations.
    **settings
        Keys as under ``filters`` in the config.

    Returns
    -------
    Dataset
        found_subunit (found, y, x) on the crop; share [1], centre_y, centre_x [pixel], major, minor
        [µm] and angle [degree] (found,). There may be none.
    """
    keys = checked(FilterSettings, settings).of_network(trained.settings)
    rng = generator(seed, "filters")
    *_, found = subunits.found_subunits(trained.training.network, trained.known, keys, rng)
    return dataset(FOUND, found_values(found, pixel_size))


def match_subunits(
    known: xr.DataArray, found: xr.DataArray, recovered_cosine: float = RECOVERED, seed: int = 1
) -> xr.Dataset:
    """Match subunits found one to one to known ones.

    Parameters
    ----------
    known : DataArray, dimensions (subunit, y, x)
        Known subunits on the crop.
    found : DataArray, dimensions (found, y, x)
        Those found on the same crop.
    recovered_cosine : float
        Least cosine of a recovered subunit [1].
    seed : int
        Source of the random places that give the chance level.

    Returns
    -------
    Dataset
        The variables of a file of matching: among them cosine, matched_found and fate (subunit,),
        precision, recall, similarity and its chance level [1].
    """
    rng = generator(seed, "chance")
    compared = subunits.compare(known.values, found.values, recovered_cosine, rng)
    return dataset(MATCHED, vars(compared))


def as_movie(stimulus: xr.DataArray) -> "stimuli.Stimulus":
    """A labelled movie as the rooms take it.

    Contrasts become bits or 256 levels as those of a file of frames do, see `open_frames`.

    Parameters
    ----------
    stimulus : DataArray, dimensions (frame, y, x)
        Contrast [1].

    Raises
    ------
    UserError
        If it is not a finite movie of at least two contrasts.

    Examples
    --------
    >>> movie = xr.DataArray([[[0.0, 2.0]], [[1.0, 0.5]]], dims=("frame", "y", "x"))
    >>> as_movie(movie).frames().round(2).tolist()
    [[[0.0, 2.0]], [[1.0, 0.5]]]
    """
    if set(stimulus.dims) != {"frame", "y", "x"}:
        fix = "name the dimensions with stimulus.rename"
        raise UserError("dimensions of the stimulus", stimulus.dims, "frame, y and x", fix)
    frames = stimulus.transpose("frame", "y", "x").values
    low, high = (frames.min(), frames.max()) if frames.size else (np.nan, np.nan)
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        what = f"contrasts from {low} to {high}"
        raise UserError("stimulus", what, "two finite contrasts or more", "give another stimulus")
    binary = bool(((frames == low) | (frames == high)).all())
    whole = not binary and bool((frames == np.rint(frames)).all())
    contrasts = contrasts_of(float(low), float(high), binary, whole)
    kind = stimuli.BinaryStimulus if binary else stimuli.GreyStimulus
    return kind(coded(frames, binary, contrasts), len(frames), *contrasts)


def frame_rate_of(stimulus: xr.DataArray) -> float:
    """Frames per second of a labelled movie [Hz]; UserError if it does not say."""
    if "frame_rate" not in stimulus.attrs:
        fix = 'stimulus.attrs["frame_rate"] = 30.0, in frames per second'
        raise UserError("stimulus", "no attribute frame_rate", "its frame rate [Hz]", fix)
    return float(stimulus.attrs["frame_rate"])


def _responses(spike_count: xr.DataArray, stimulus: xr.DataArray) -> Responses:
    """Labelled spikes as the rooms take them."""
    if "trial" in spike_count.dims:
        counts = spike_count.transpose("trial", "frame").values
        expected, fix = "a coordinate first_frame (trial)", "assign it with assign_coords"
        require("first_frame" in spike_count.coords, "spike_count", "none", expected, fix)
        first_frame = spike_count["first_frame"].values
    else:
        counts, first_frame = spike_count.values[None], np.zeros(1, int)
    last, n_frames = int(first_frame.max()) + counts.shape[1], stimulus.sizes["frame"]
    if last > n_frames:
        what, fix = f"responses to frame {last}", "give the whole stimulus, or fewer responses"
        raise UserError("spike_count", what, f"at most the stimulus' {n_frames} frames", fix)
    return Responses(counts, first_frame, frame_rate_of(stimulus))
