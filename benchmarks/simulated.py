"""The benchmark's data: simulated cells of the default config, and the subunits found in them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finefield.base.rng import generator
from finefield.config.reading import load
from finefield.networks.known import Known
from finefield.networks.network import Network
from finefield.networks.settings import NetworkSettings
from finefield.responses.responses import Responses
from finefield.simulation.cell import Cell, build_cell
from finefield.simulation.drawn.population import draw_population
from finefield.simulation.settings import CellSettings, Population
from finefield.simulation.spikes import simulate_responses
from finefield.stimuli.movie import BinaryStimulus
from finefield.stimuli.noise import binary_noise
from finefield.stimuli.settings import StimulusField
from finefield.subunits.finding import found_subunits
from finefield.subunits.matching import match
from finefield.subunits.settings import FilterSettings

CONFIG = Path(__file__).parents[1] / "config/config.yaml"
#: A subunit counts as recovered at this cosine.
RECOVERED = 0.99


@dataclass(frozen=True)
class Data:
    """A simulated cell, a movie on its crop, and its spikes."""

    cell: Cell
    stimulus: BinaryStimulus
    responses: Responses

    @property
    def frames(self) -> int:
        """Frames of the movie."""
        return self.stimulus.n_frames

    @property
    def spikes(self) -> int:
        """Spikes in all trials."""
        return int(self.responses.spike_count.sum())


def simulate(
    n_frames: int,
    name: str = "yan2020",
    size: int = 8,
    n_trials: int = 1,
    sequence: str = "running",
) -> Data:
    """Simulate a cell of the default config.

    Parameters
    ----------
    n_frames : int
        Frames; a longer movie begins with those of a shorter one.
    name : str
        Cell under ``datasets.simulated.cells`` of config/config.yaml.
    size : int
        Rows and columns of the crop; the subunits stay in its middle [pixels].
    n_trials : int
        Repeats of the movie.
    sequence : str
        Names the random numbers, so that two sequences of a cell differ.

    Returns
    -------
    Data
    """
    dataset = load(CONFIG).datasets["simulated"]
    settings = _on_crop(dataset.cells[name], size)
    return _simulated(settings, n_frames, dataset.field.frame_rate, n_trials, (name, sequence))


def simulate_drawn(n_frames: int, n_subunits: int, size: int) -> Data:
    """Simulate a cell of as many subunits on a crop of a size, drawn at random."""
    drawn = Population(cells=1, subunits=[n_subunits, n_subunits], crop=size)
    field = StimulusField(height=size, width=size)
    (settings,) = draw_population(drawn, field, 0.5, 1, "benchmark").values()
    return _simulated(settings, n_frames, field.frame_rate, 1, (n_subunits, "running"))


def _simulated(
    settings: CellSettings, n_frames: int, frame_rate: float, n_trials: int, purpose: tuple
) -> Data:
    """A cell, noise on its crop, and its spikes."""
    cell = build_cell(settings, frame_rate)
    noise, spikes = (generator(1, *purpose, part) for part in ("noise", "spikes"))
    size = settings.crop.height, settings.crop.width
    stimulus = binary_noise(noise, n_frames, *size, -0.5, 0.5)
    counts = simulate_responses(cell, stimulus, n_trials, frame_rate, spikes).spike_count
    return Data(cell, stimulus, Responses(counts, np.zeros(n_trials, int), frame_rate))


def _on_crop(settings: CellSettings, size: int) -> CellSettings:
    """A cell's settings with its subunits in the middle of a square crop."""
    shift = (size - settings.crop.height) // 2
    moved = [one.changed(y=one.y + shift, x=one.x + shift) for one in settings.subunits]
    crop = settings.crop.changed(height=size, width=size)
    return settings.changed(crop=crop, subunits=moved)


def cosines(network: Network, data: Data) -> np.ndarray:
    """Cosine of each of the cell's subunits with its match among those that a network found."""
    gain = np.ones(len(data.responses.spike_count))
    known = Known.of(data.stimulus, data.responses, gain, NetworkSettings(lags=network.lags))
    found = found_subunits(network, known, FilterSettings(), generator(1, "filters"))[2]
    return match(data.cell.subunits, found.image)[1]


def recovered(cosine: np.ndarray) -> str:
    """Such as "4 of 4 (0.993 to 0.999)"."""
    found = (cosine >= RECOVERED).sum()
    return f"{found} of {len(cosine)} ({cosine.min():.3f} to {cosine.max():.3f})"
