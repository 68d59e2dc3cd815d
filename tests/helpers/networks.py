"""Hand-made and random networks."""

from dataclasses import replace

import numpy as np

from finefield.networks.network import Network


def network(rng, lags=6, stride=2, height=9, width=8, size=4):
    positions = (height - size) // stride + 1, (width - size) // stride + 1
    return Network(
        rng.normal(size=(3, lags, size, size)), rng.normal(size=3),
        rng.normal(size=(3, *positions)),
        0.3, 2.0, 0.1, 0.9, stride, height, width,
    )  # fmt: skip


def deep_network(rng, **sizes):
    """A network with two hidden filters of 2 x 3 positions on `network`'s filters."""
    net = network(rng, **sizes)
    rows, columns = net.readout.shape[1:]
    return replace(
        net,
        hidden_weight=rng.normal(size=(2, 3, 2, 3)), hidden_bias=rng.normal(size=2),
        readout=rng.normal(size=(2, rows - 1, columns - 2)),
    )  # fmt: skip


def two_filter_network():
    """A blob read out at two places, and noise read out at one."""
    rng = np.random.default_rng(0)
    temporal = np.array([0.2, -1.0, 0.5])
    blob, noise = np.zeros((5, 5)), rng.choice([-1.0, 1.0], (5, 5)) * rng.random((5, 5))
    blob[1:4, 1:4] = [[0.5, 1, 0.5], [1, 2, 1], [0.5, 1, 0.5]]
    weight = temporal[:, None, None] * np.stack([blob, noise])[:, None]
    readout = np.zeros((2, 3, 3))
    readout[0, 0, 0], readout[0, 2, 1], readout[1, 1, 1] = 1.0, 0.5, 0.8
    return Network(weight, np.zeros(2), readout, 0.0, 1.0, 0.0, 1.0, 2, 9, 9)
