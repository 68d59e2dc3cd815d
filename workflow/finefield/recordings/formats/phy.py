"""Folders of phy and Kilosort: spikes and their clusters, in samples, with frame times beside."""

import csv
import logging
import re
from collections import Counter
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.binning import bin_recording
from finefield.recordings.containers import text
from finefield.recordings.data import Recording
from finefield.recordings.formats.flat import by_cell
from finefield.recordings.formats.frame_times import FRAMES_FIX, frames_of
from finefield.recordings.names import check_names
from finefield.recordings.settings import PhyLayout

log = logging.getLogger(__name__)

#: What says of clusters what they are, the curated labels first, and its column.
LABELS = {"cluster_group.tsv": "group", "cluster_KSLabel.tsv": "KSLabel"}
GROUPS = ("good", "mua", "unsorted", "noise")
#: What stands for no label in a table.
UNSAID = ("", "nan", "none")
SPIKES, CLUSTERS, PARAMETERS = "spike_times.npy", "spike_clusters.npy", "params.py"


def read(path: Path, layout: PhyLayout, frame_rate: float) -> Recording:
    """Read spikes, clusters and frame times, and count the spikes in each frame.

    Parameters
    ----------
    path : Path
        The folder.
    layout : PhyLayout
        Which clusters are cells, and how frame times lie.
    frame_rate : float
        Nominal frames per second [Hz].

    Returns
    -------
    Recording
        Cells are named by their clusters.

    Raises
    ------
    UserError
        If a file is missing or not what it should be, or no cluster is of the groups asked for; as
        from `binning.bin_recording`.

    Notes
    -----
    phy 2 (github.com/cortex-lab/phy), template-gui. ``params.py`` is searched for a number and not
    run.
    """
    cells = names(path, layout)
    spikes = by_cell(_array(path / SPIKES), _array(path / CLUSTERS), str(path / CLUSTERS))
    spikes = {cell: np.sort(spikes[cell]) for cell in cells}
    unit = 1 / _sample_rate(path, layout)
    files = {one: _frame_file(path, key) for one, key in layout.sequences.items()}
    times = {one: (_array(file), str(file)) for one, file in files.items()}
    return bin_recording(
        spikes,
        frames_of(times, layout, frame_rate, unit),
        frame_rate,
        f"recording {path}",
        seconds_per_unit=unit,
        spikes_outside=layout.spikes_outside,
        samples=True,
    )


def names(path: Path, layout: PhyLayout) -> list[str]:
    """Numbers of the clusters of the groups asked for that have spikes, in order.

    Parameters
    ----------
    path, layout
        As in `read`.
    """
    labels: dict[int, str] = {}
    for name, column in reversed(LABELS.items()):
        labels |= _labels(path / name, column)
    if not labels:
        got = f"neither {' nor '.join(LABELS)}"
        fix = "check the path, or save the labels in phy"
        raise UserError(f"recording {path}", got, "labels of the clusters", fix)
    fired = set(np.unique(_array(path / CLUSTERS)).tolist())
    unknown = sorted(fired - labels.keys())
    if unknown:
        text = "%s: %d clusters with spikes have no label, such as %s, and count as unsorted"
        log.warning(text, path, len(unknown), unknown[0])
        labels |= dict.fromkeys(unknown, "unsorted")
    chosen = [one for one, label in sorted(labels.items()) if label in layout.groups]
    kept = [str(one) for one in chosen if one in fired]
    log.info("%d clusters of %d are %s", len(kept), len(labels), " or ".join(layout.groups))
    if not kept:
        got = ", ".join(f"{list(labels.values()).count(one)} {one}" for one in set(labels.values()))
        expected = f"clusters with spikes that are {' or '.join(layout.groups)}"
        raise UserError(f"recording {path}", got, expected, "set layout.groups, or label clusters")
    return check_names(kept, f"recording {path}")


def trial_lengths(path: Path, layout: PhyLayout) -> dict[str, list[int]]:
    """Nothing: only the times of all frames tell where trials begin and end."""
    return {}


def files(path: Path, layout: PhyLayout) -> list[Path]:
    """Those files of the folder that are read; it may hold the raw recording, too."""
    found = [path / name for name in (SPIKES, CLUSTERS, PARAMETERS, *LABELS)]
    keys = layout.sequences.values()
    found += [path / f"{key}{ending}" for key in keys for ending in (".npy", ".txt")]
    return [one for one in found if one.exists()]


def _labels(path: Path, column: str) -> dict[int, str]:
    """What a table says of each cluster; nothing if there is none."""
    if not path.exists():
        return {}
    text.check_whole(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    try:
        pairs = [(int(row["cluster_id"]), row[column].strip().lower()) for row in rows]
        found = {cluster: label for cluster, label in pairs if label not in UNSAID}
        for label in set(found.values()) - {*GROUPS}:
            raise ValueError(f"{label!r} is none of {', '.join(GROUPS)}")
        for cluster, count in Counter(cluster for cluster, _ in pairs).items():
            if count > 1:
                raise ValueError(f"cluster {cluster} has {count} labels")
        return found
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        expected = f"columns cluster_id and {column}, apart by tabs"
        raise UserError(
            str(path), f"no such table ({error})", expected, "save it in phy"
        ) from error


def _array(path: Path) -> np.ndarray:
    """Numbers of a .npy or .txt file."""
    if path.suffix == ".txt":
        return text.table(path)
    try:
        return np.load(path, allow_pickle=False)
    except FileNotFoundError as error:
        fix = "check the path of the recording: the folder that phy opens"
        raise UserError(str(path), "no such file", "a file of phy", fix) from error
    except (OSError, ValueError, EOFError) as error:
        raise UserError(str(path), f"no array of numbers ({error})", "one", FRAMES_FIX) from error


def _frame_file(path: Path, key: str) -> Path:
    """The file of frame times of that name."""
    found = [path / f"{key}{ending}" for ending in (".npy", ".txt")]
    found = [file for file in found if file.exists()]
    if len(found) == 2:
        got, fix = f"{key}.npy and {key}.txt", "remove or rename one of them"
        raise UserError(f"recording {path}", got, "one file of a name", fix)
    if found:
        return found[0]
    fix = "save the samples of the frame triggers there, or name the file in the layout; set "
    fix += "frozen_times_key: null if there is no frozen sequence"
    raise UserError(f"recording {path}", f"no {key}.npy or .txt", "the times of frames", fix)


def _sample_rate(path: Path, layout: PhyLayout) -> float:
    """Samples per second [Hz], as the layout or params.py says."""
    if layout.sample_rate is not None:
        return layout.sample_rate
    file = path / PARAMETERS
    said = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.search(r"^\s*sample_rate\s*=\s*([0-9._eE+]+)\s*(#.*)?$", said, re.MULTILINE)
    if not found:
        got = f"no sample_rate in {PARAMETERS}" if said else f"no {PARAMETERS}"
        fix = "set sample_rate in the recording's layout"
        raise UserError(f"recording {path}", got, "samples per second", fix)
    return float(found[1])
