"""The common recording of tests, written in every format that Finefield reads."""

from datetime import UTC, datetime

import numpy as np
from scipy.io import savemat

from helpers.recordings import (
    CELLS,
    CLUSTERS,
    COUNTS,
    NWB,
    SPIKE_TIMES,
    count_arrays,
    frame_times,
    objects,
    save_hdf5,
    save_matlab73,
    save_text,
)


def counts_mat5(simulated, path):
    savemat(path, count_arrays(simulated) | {"names": objects(CELLS)})
    return COUNTS | {"names_key": "names"}


def counts_mat73(simulated, path):
    save_matlab73(path, count_arrays(simulated) | {"names": list(CELLS)})
    return COUNTS | {"names_key": "names"}


def counts_npz(simulated, path):
    np.savez_compressed(path, **count_arrays(simulated), names=np.array(CELLS))
    return COUNTS | {"names_key": "names"}


def counts_hdf5(simulated, path):
    arrays = {key: array.transpose(2, 0, 1) for key, array in count_arrays(simulated).items()}
    save_hdf5(path, arrays | {"names": list(CELLS)})
    return COUNTS | {"names_key": "names", "axes": ["trial", "cell", "frame"]}


def times_mat5(simulated, path):
    spikes = objects([times[:, None] for times in simulated.spikes.values()])
    variables = {"spike_times": spikes, "names": objects(CELLS)[:, None]}
    savemat(path, frame_times(simulated) | variables, do_compression=True)
    return SPIKE_TIMES | {"names_key": "names"}


def times_mat73(simulated, path):
    spikes = [times[None] / 1e-3 for times in simulated.spikes.values()]
    variables = {"spike_times": spikes, "names": list(CELLS)}
    save_matlab73(path, frame_times(simulated, 1e-3) | variables)
    return SPIKE_TIMES | {"names_key": "names", "seconds_per_unit": 0.001}


def entry_variables(simulated):
    """Frame times, and spike times as entries, in an order that is not the cells'."""
    spikes = {f"spike_times/{cell}": simulated.spikes[cell] for cell in reversed(CELLS)}
    return frame_times(simulated) | spikes


def times_npz(simulated, path):
    np.savez(path, **entry_variables(simulated))
    return SPIKE_TIMES


def times_hdf5(simulated, path):
    save_hdf5(path, entry_variables(simulated))
    return SPIKE_TIMES


def times_text(simulated, path):
    save_text(path, entry_variables(simulated))
    return SPIKE_TIMES


def flat(simulated, names=CELLS):
    """Frame times, and all spikes in one vector in the order of time, with the cell of each."""
    times = np.concatenate(list(simulated.spikes.values()))
    cells = np.repeat(names, [len(one) for one in simulated.spikes.values()])
    order = np.argsort(times)
    return frame_times(simulated) | {"spike_times": times[order], "cells": cells[order]}


def flat_mat5(simulated, path):
    variables = flat(simulated)
    savemat(path, variables | {"cells": objects(variables["cells"])})
    return SPIKE_TIMES | {"ids_key": "cells"}


def flat_npz(simulated, path):
    np.savez(path, **flat(simulated))
    return SPIKE_TIMES | {"ids_key": "cells"}


def flat_hdf5(simulated, path):
    variables = flat(simulated)
    save_hdf5(path, variables | {"cells": variables["cells"].tolist()})
    return SPIKE_TIMES | {"ids_key": "cells"}


def phy(simulated, folder):
    """Write samples of a microsecond, beside a raw recording."""
    folder.mkdir(exist_ok=True)
    variables = flat(simulated, CLUSTERS)
    times = np.rint(1e6 * variables.pop("spike_times"))[:, None].astype(np.uint64)
    np.save(folder / "spike_times.npy", times)
    np.save(folder / "spike_clusters.npy", variables.pop("cells").astype(np.int32))
    for name, onset in variables.items():
        np.save(folder / f"{name}.npy", np.rint(1e6 * onset))
    rows = ["cluster_id\tgroup", *(f"{cluster}\tgood" for cluster in CLUSTERS), "77\tnoise"]
    (folder / "cluster_group.tsv").write_text("\n".join([*rows, ""]))
    (folder / "params.py").write_text("dat_path = 'raw{1}.dat'\nsample_rate = 1e6\n")
    (folder / "raw{1}.dat").write_bytes(b"0" * 100)
    return {"format": "phy"}


def nwb(simulated, path, change=None):
    """Write NWB's own table of units and two series of indices; `change` alters the file."""
    from pynwb import NWBHDF5IO, NWBFile, TimeSeries

    file = NWBFile("a recording", "simulated", datetime(2020, 1, 1, tzinfo=UTC))
    file.add_unit_column("unit_name", "name of the cell")
    for number, (cell, times) in enumerate(simulated.spikes.items()):
        file.add_unit(id=number, spike_times=times, unit_name=cell)
    running, frozen = simulated.running_times, simulated.frozen_times
    index = {
        "running": np.arange(running.size).reshape(running.shape),
        "frozen": np.broadcast_to(np.arange(frozen.shape[1]), frozen.shape),
    }
    for name, frames in index.items():
        onset = getattr(simulated, f"{name}_times")
        shown = ~np.isnan(onset)
        series = TimeSeries(name=name, data=frames[shown], unit="frame", timestamps=onset[shown])
        file.add_stimulus(series)
    if change:
        change(file)
    with NWBHDF5IO(path, "w") as io:
        io.write(file)
    return NWB


def cells_in(name):
    """What the cells are called in a format."""
    return CLUSTERS if name == "phy" else CELLS


COUNT_FORMATS = {
    "counts.v5.mat": counts_mat5,
    "counts.v73.mat": counts_mat73,
    "counts.npz": counts_npz,
    "counts.h5": counts_hdf5,
}
TIME_FORMATS = {
    "times.v5.mat": times_mat5,
    "times.v73.mat": times_mat73,
    "times.npz": times_npz,
    "times.h5": times_hdf5,
    "times": times_text,
    "flat.mat": flat_mat5,
    "flat.npz": flat_npz,
    "flat.h5": flat_hdf5,
    "phy": phy,
    "times.nwb": nwb,
}
