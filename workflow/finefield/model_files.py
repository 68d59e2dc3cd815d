"""Files of trained networks, apart so that only scripts with networks depend on them."""

from pathlib import Path

from finefield import store
from finefield.network import Network


def read_network(path: str | Path) -> Network:
    """Read the selected network of a training."""
    data = store.read(path)
    names = ["readout", *(["hidden"] if data.attrs["hidden_filters"] else [])]
    groups = dict(zip(names, store.read_groups(path, *names), strict=True))
    return Network.from_datasets({None: data} | groups)
