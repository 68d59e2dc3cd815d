"""Simulated ganglion cells: subunits in space, filters in time, synapses, and how spikes arise."""

from dataclasses import dataclass

import numpy as np

from finefield.simulation.mechanisms import Depression, GainControl, Membrane
from finefield.simulation.settings import CellSettings
from finefield.simulation.shapes import gaussian_subunit, subunit_image, subunit_sign
from finefield.simulation.temporal_filter import difference_of_gammas
from finefield.stimuli.window import Window

#: Longest sample of what happens within a frame [ms].
LONGEST_SAMPLE = 2.0


@dataclass(frozen=True)
class Inhibitor:
    """An amacrine cell that inhibits the ganglion cell.

    Attributes
    ----------
    image : ndarray of float64, shape (y, x)
        Spatial filter on the crop [1].
    filters : ndarray of float64, shape (phase, lag)
        As for `Cell`.
    weight : float
        Weight of its rectified output [1].
    """

    image: np.ndarray
    filters: np.ndarray
    weight: float


@dataclass(frozen=True)
class Cell:
    """A ganglion cell and the bipolar cells that are its subunits.

    Attributes
    ----------
    window : Window
        Crop on the stimulus field.
    subunits : ndarray of float64, shape (subunit, y, x)
        Spatial filters on the crop [1].
    signs : ndarray of float64, shape (subunit,)
        1, or -1 for a subunit of the opposite polarity.
    weights : ndarray of float64, shape (subunit,)
        Weights of the subunits' outputs in the sum [1].
    filters : ndarray of float64, shape (phase, lag)
        Temporal filter of all subunits at each sample of a frame; its first lobe is positive for
        ON, negative for OFF [1].
    nonlinearity : str
        A key of `drives.NONLINEARITIES`.
    threshold : float
        Subtracted from the sum before it is rectified [1].
    gain : float
        Firing rate per unit of the rectified sum [Hz].
    spikes : {"bernoulli", "poisson", "lif", "fohlmeister_miller"}
        How spikes arise.
    sample : float
        Duration of a sample [ms].
    gain_control, depression : GainControl, Depression or None
        Mechanisms of the subunits' synapses.
    inhibitor : Inhibitor or None
        What inhibits the cell.
    membrane : Membrane or None
        What spikes, unless they are drawn.
    """

    window: Window
    subunits: np.ndarray
    signs: np.ndarray
    weights: np.ndarray
    filters: np.ndarray
    nonlinearity: str
    threshold: float
    gain: float
    spikes: str
    sample: float
    gain_control: GainControl | None = None
    depression: Depression | None = None
    inhibitor: Inhibitor | None = None
    membrane: Membrane | None = None

    @property
    def temporal_filter(self) -> np.ndarray:
        """Temporal filter at the onset of frames (lag,) [1]."""
        return self.filters[0]

    @property
    def spatial_filter(self) -> np.ndarray:
        """Weighted sum of the subunits, those of the opposite polarity less (y, x) [1]."""
        return np.tensordot(self.signs * self.weights, self.subunits, axes=1)


def build_cell(settings: CellSettings, frame_rate: float) -> Cell:
    """Make a cell as the config describes it.

    Parameters
    ----------
    settings : CellSettings
        As under ``datasets.<name>.cells.<cell>`` in the config.
    frame_rate : float
        Frames per second [Hz].

    Returns
    -------
    Cell
        Its samples are frames, if nothing in the cell is faster.

    Raises
    ------
    UserError
        If a subunit leaves the crop.
    """
    window, membrane = Window(**dict(settings.crop)), settings.own_membrane
    mechanisms = settings.gain_control, settings.depression
    fast = membrane or settings.inhibition or any(mechanisms)
    frame = 1000 / frame_rate
    n_samples = int(np.ceil(frame / LONGEST_SAMPLE)) if fast else 1
    subunits = np.stack([_image(one, settings, window) for one in settings.subunits])
    return Cell(
        window=window,
        subunits=subunits,
        signs=np.array([subunit_sign(one, settings.polarity) for one in settings.subunits]),
        weights=np.array([one.weight for one in settings.subunits], float),
        filters=_filters(settings, frame_rate, n_samples),
        nonlinearity=settings.subunit_nonlinearity,
        threshold=settings.output.threshold,
        gain=settings.output.gain,
        spikes=settings.spikes,
        sample=frame / n_samples,
        gain_control=settings.gain_control,
        depression=settings.depression,
        inhibitor=_inhibitor(settings, subunits, frame_rate, n_samples),
        membrane=membrane,
    )


def _image(subunit, settings: CellSettings, window: Window) -> np.ndarray:
    """Spatial filter of a subunit, its surround included."""
    shape, surround = (window.height, window.width), settings.surround
    image = subunit_image(subunit, shape)
    if surround is None or subunit.shape != "gaussian":
        return image
    wide = subunit.changed(sigma=surround.ratio * subunit.sigma)
    around = subunit_image(wide, shape)
    # It ends at two SDs: cells that share a bipolar cell then see the same of it.
    around[around < np.exp(-2)] = 0
    return image - surround.weight / surround.ratio**2 * around


def _filters(
    settings: CellSettings, frame_rate: float, n_samples: int, delay: float = 0.0
) -> np.ndarray:
    """Temporal filters (phase, lag) of a cell's polarity, later by a delay [ms]."""
    own, frame = dict(settings.temporal_filter), 1000 / frame_rate
    own["further"] = int(np.ceil(delay / frame))
    sign = {"ON": 1, "OFF": -1}[settings.polarity]
    shifts = np.arange(n_samples) / n_samples * frame - delay
    return sign * np.stack(
        [difference_of_gammas(frame_rate=frame_rate, shift=shift, **own) for shift in shifts]
    )


def _inhibitor(
    settings: CellSettings, subunits: np.ndarray, frame_rate: float, n_samples: int
) -> Inhibitor | None:
    """What inhibits a cell; to white noise, as strong as its subunits are on average."""
    own = settings.inhibition
    if own is None:
        return None
    total = np.abs(subunits).sum(0)
    y, x = (total.sum(axis) @ np.arange(total.shape[1 - axis]) / total.sum() for axis in (1, 0))
    image = gaussian_subunit(y, x, own.sd, total.shape)
    norms = np.linalg.norm(subunits.reshape(len(subunits), -1), axis=1)
    image *= norms.mean() / np.linalg.norm(image)
    return Inhibitor(image, _filters(settings, frame_rate, n_samples, own.delay), own.weight)
