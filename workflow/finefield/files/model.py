"""The file of the networks of one cell, trained or found by STNMF."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from finefield.files import store
from finefield.files.declared import ROOT, File, over, variables
from finefield.files.responses import RATES, SCORES, about_test, rates, read_responses, scores
from finefield.files.stimulus import read_stimulus
from finefield.networks.dynamics.model import Dynamics
from finefield.networks.known import Known
from finefield.networks.network import Network
from finefield.networks.settings import KINDS, NetworkSettings
from finefield.responses.testing import CellTest, Scores
from finefield.stimuli.window import Window

if TYPE_CHECKING:
    from finefield.networks.training.result import Training

log = logging.getLogger(__name__)

#: Single values of a network, how it was learned, and its score.
LEARNED = SCORES | variables("""
    readout_offset: added to the readout before the softplus
    rate_scale [Hz]: scale of the softplus
    stimulus_mean: contrast subtracted from the stimulus
    stimulus_sd: contrast that the stimulus is divided by
    step (epoch): training steps done, or stages of the course from positions
    best_step: training steps, or stages, done at the check that was kept
    train_loss (epoch): Poisson loss per spike on training data, without penalties
    validation_loss (epoch): Poisson loss per spike on validation data
    validation_correlation (epoch): correlation of prediction and spike count on validation data
    exponent: power of a filter's rectified output
    integration: strength of the integration of each filter's drive
    integration_frames [frame]: its time constant
    gain_control: strength of the division by earlier drives
    gain_control_frames [frame]: its time constant
    feedback: strength of the subtraction of earlier rates
    feedback_frames [frame]: its time constant
""")
FILTERS = variables("""
    weight (filter, lag, y, x): weights of the convolution filters, in space and time
    bias (filter): added to a filter's output before rectification
    mean_output (filter): mean output, where averages of the dynamics begin
""")
READOUT = variables("readout (filter, y, x): weight of each filter at each position", "one layer")
HIDDEN = variables(
    """
    hidden_weight (hidden_filter, filter, y, x): weights of the second layer's filters
    hidden_bias (hidden_filter): added to a hidden filter's output before rectification
    """,
    only="two layers",
)
HIDDEN_READOUT = variables(
    "readout (hidden_filter, y, x): weight of each hidden filter at each position", "two layers"
)
#: Groups apart, as filters and positions have rows and columns of their own.
LAYERS = {
    "filters": FILTERS,
    "readout": READOUT,
    "hidden": HIDDEN,
    "hidden_readout": HIDDEN_READOUT,
}
SELECTED = LEARNED | variables("""
    gain (trial): slow drift of the cell's rate: factor on the network's rate in each trial
    distinct_filters: effective number of different placed filters; 1 is a collapse
""")
FILM = variables(
    "film (epoch, filter, y, x): filters at each check, seen through their final time courses"
)
#: Those of all starts, by their kind.
STARTS = {
    kind if place == ROOT else f"{kind}/{place}": over("seed", group, only)
    for kind, only in zip(KINDS, ("", "with halves", "with bootstraps"), strict=True)
    for place, group in {ROOT: LEARNED, **LAYERS}.items()
}
MODEL = File(
    "models/{model}/{stimulus}/{cell}.nc",
    "the selected network of a cell, with its learning curves, and those of all starts",
    {ROOT: SELECTED, **LAYERS, "film": FILM, "test": RATES, **STARTS},
)
#: A network's single values: those that are variables, and sizes that are attributes.
SCALARS = ("readout_offset", "rate_scale", "stimulus_mean", "stimulus_sd", "exponent")
DYNAMICS = tuple(field.name for field in fields(Dynamics) if field.name != "mean_output")
SIZES = ("stride", "height", "width")


def write_training(
    path: str | Path,
    cell: str,
    training: "Training",
    test: CellTest,
    about: Mapping[str, object],
) -> None:
    """Test the networks of a training, and write all that is known of them.

    Parameters
    ----------
    path : path
        File to make.
    cell : str
        The cell's name.
    training : Training
        Networks. The selected one is written to the root and the groups of its layers; those of all
        starts, stacked, to groups of their kind.
    test : CellTest
        What they are tested on.
    about : dict
        As from `store.provenance`.
    """
    if training.collapsed:
        number = training.distinct_filters
        log.warning("filters are copies of one (%.2f different): collapsed, or an LN cell", number)
    scored = [test.score(network.predict) for network in training.networks]
    starts = [_start(training, *each) for each in enumerate(scored)]
    groups, first = dict(starts[training.selected]), 0
    groups[ROOT] = groups[ROOT] | {
        "cell": cell,
        "gain": training.gain,
        "distinct_filters": training.distinct_filters,
    }
    groups |= {"film": {"film": training.film}, "test": rates(test, scored[training.selected])}
    for kind, number in training.n_starts.items():
        groups |= _stacked(kind, starts[first : first + number])
        first += number
    store.write(path, MODEL, groups, {**_attributes(training), **about_test(test), **about})


def _attributes(training: "Training") -> dict[str, object]:
    """What is not an array."""
    network, hidden = training.network, training.network.hidden_weight
    return {name: int(getattr(network, name)) for name in SIZES} | {
        "nonlinearity": network.nonlinearity,
        "hidden_filters": 0 if hidden is None else len(hidden),
        "selected_seed": training.selected,
        "collapsed": int(training.collapsed),
    }


def _start(training: "Training", start: int, score: Scores) -> dict[str, dict[str, object]]:
    """One start's network, how it was learned and its scores, by group."""
    network = training.networks[start]
    curves = ("train_loss", "validation_loss", "validation_correlation", "best_step")
    root = {name: getattr(training, name)[start] for name in curves}
    root |= {"step": training.step} | scores(score)
    root |= {name: getattr(network, name) for name in SCALARS}
    root |= {name: getattr(network.dynamics, name) for name in DYNAMICS}
    mean = np.broadcast_to(network.dynamics.mean_output, network.bias.shape)
    filters = {"weight": network.weight, "bias": network.bias, "mean_output": mean}
    groups = {ROOT: root, "filters": filters}
    if network.hidden_weight is None:
        return groups | {"readout": {"readout": network.readout}}
    hidden = {"hidden_weight": network.hidden_weight, "hidden_bias": network.hidden_bias}
    return groups | {"hidden": hidden, "hidden_readout": {"readout": network.readout}}


def _stacked(kind: str, starts: Sequence[Mapping[str, Mapping]]) -> dict[str, dict[str, object]]:
    """Groups of all starts of a kind."""
    return {
        kind if place == ROOT else f"{kind}/{place}": {
            name: np.stack([start[place][name] for start in starts]) for name in values
        }
        for place, values in (starts[0].items() if starts else ())
    }


def read_network(path: str | Path) -> Network:
    """Read the selected network."""
    return _network(*_stored(path, ROOT))


def read_starts(path: str | Path) -> dict[str, list[Network]]:
    """Read the networks of all starts, by their kind ("seeds", "halves", "bootstraps")."""
    networks = {}
    for kind in (kind for kind in KINDS if kind in store.groups(path)):
        stacked, sizes = _stored(path, kind)
        n_starts = len(stacked["bias"])
        each = ({name: one[k] for name, one in stacked.items()} for k in range(n_starts))
        networks[kind] = [_network(one, sizes) for one in each]
    return networks


def read_known(
    path: str | Path,
    stimulus: str | Path,
    responses: str | Path,
    window: Window,
    settings: NetworkSettings,
) -> Known:
    """Read again what a network was trained on.

    Parameters
    ----------
    path, stimulus, responses : path
        Files of the network, and of the stimulus and the responses that it was trained on.
    window : Window
        The cell's crop.
    settings : NetworkSettings
        The keys of ``models.<name>`` in the config.
    """
    gain = store.read(path)["gain"].values
    movie, counts = read_stimulus(stimulus, window), read_responses(responses)
    return Known.of(movie, counts, gain, settings)


def _stored(path: str | Path, place: str) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """Variables of `LEARNED` and of all layers in a group, and the file's attributes."""
    root = store.read(path, place)
    layers = ("hidden", "hidden_readout") if root.attrs["hidden_filters"] else ("readout",)
    parts = [root, *(store.read(path, f"{place}/{name}") for name in ("filters", *layers))]
    found = {name: one.values for part in parts for name, one in part.data_vars.items()}
    return found, root.attrs


def _network(found: Mapping[str, np.ndarray], sizes: Mapping[str, object]) -> Network:
    """A network from its variables and attributes."""
    return Network(
        **{name: found[name] for name in ("weight", "bias", "readout")},
        **{name: float(found[name]) for name in SCALARS},
        **{name: int(sizes[name]) for name in SIZES},
        nonlinearity=sizes["nonlinearity"],
        hidden_weight=found.get("hidden_weight"),
        hidden_bias=found.get("hidden_bias"),
        dynamics=Dynamics(
            **{name: float(found[name]) for name in DYNAMICS}, mean_output=found["mean_output"]
        ),
    )
