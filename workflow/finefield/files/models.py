"""Files of trained networks, apart so that only scripts with networks depend on them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from finefield.files import contents as files
from finefield.files import store
from finefield.files.contents import FrozenTest
from finefield.networks.network import Network
from finefield.networks.settings import KINDS
from finefield.responses.samples import TrainingData
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus


def write_training(
    path: str | Path, training, test: FrozenTest, cell: str, attributes: Mapping[str, object]
) -> None:
    """Test the networks of a training on the frozen sequence, and write all that is known of them.

    Parameters
    ----------
    path : path
        File to make.
    training : training.Training
        Networks of one cell. Not imported, as what only reads networks does not depend on it.
    test : files.FrozenTest
        The cell's frozen test sequence.
    cell : str
        The cell's name.
    attributes : dict
        As from `store.provenance`.
    """
    predicted = [network.predict(test.stimulus, test.newest) for network in training.networks]
    groups = training.to_datasets([correlation(one, test.measured) for one in predicted])
    groups["frozen"] = test.dataset(predicted[training.selected])
    data = groups.pop(None).assign_coords(cell=cell)
    data.attrs |= {"frame_rate": test.frame_rate} | dict(attributes)
    store.write(path, data, groups)


def read_network(path: str | Path) -> Network:
    """Read the selected network of a training."""
    data = store.read(path)
    names = ["readout", *(["hidden"] if data.attrs["hidden_filters"] else [])]
    groups = dict(zip(names, store.read_groups(path, *names), strict=True))
    return Network.from_datasets({None: data} | groups)


def read_known(
    stimulus: str | Path,
    cell: str | Path,
    responses: str | Path,
    model: str | Path,
    settings: Mapping,
) -> tuple[Stimulus, TrainingData, np.ndarray, float]:
    """What a network was trained on.

    Parameters
    ----------
    stimulus, cell, responses, model : path
        The files.
    settings : dict
        The network's entry of ``models`` of a complete config.

    Returns
    -------
    stimulus : Stimulus
        Training sequence on the cell's crop.
    data : TrainingData
        The samples.
    gain : ndarray of float64, shape (trial,)
        Drift of the cell's rate.
    frame_rate : float
        Frames per second [Hz].
    """
    crop = files.read_stimulus(stimulus, files.read_window(cell))
    counts = files.read_responses(responses)
    gain = store.read(model)["gain"].values
    data = TrainingData.of(counts, settings, crop.held_out)
    return crop, data, gain, counts.frame_rate


def read_starts(path: str | Path) -> dict[str, list[Network]]:
    """Read the networks of all starts, by their kind ("seeds", "halves", "bootstraps")."""
    hidden = ["hidden"] if store.attributes(path)["hidden_filters"] else []
    sizes, networks = store.attributes(path), {}
    for kind in (kind for kind in KINDS if kind in store.groups(path)):
        names = [None, "readout", *hidden]
        groups = [
            store.read(path, "/".join(filter(None, (kind, name)))).assign_attrs(sizes)
            for name in names
        ]
        networks[kind] = [
            Network.from_datasets(
                {name: group.isel(seed=start) for name, group in zip(names, groups, strict=True)}
            )
            for start in range(groups[0].sizes["seed"])
        ]
    return networks
