"""``finefield-check CONFIG``: a first look at recordings, in seconds and without a run."""

import argparse
import logging
import sys
from pathlib import Path

from finefield import figures
from finefield.base.display import headless
from finefield.base.errors import UserError
from finefield.base.settings import Settings
from finefield.config.choice import cells, check_files
from finefield.config.reading import load
from finefield.config.types import Config
from finefield.recordings.parts import paths
from finefield.recordings.read import read_recording
from finefield.stimuli.build import few_frames, first_frames, known_frames
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.settings import StimulusField
from finefield.tables.faults import faults
from finefield.tables.page import page
from finefield.tables.quality import assess


def check(config: Config, dataset: str, stimulus: str, results: Path) -> str:
    """Look at the responses to one stimulus of a recorded dataset.

    Parameters
    ----------
    config : Config
        A complete config.
    dataset, stimulus : str
        Their names in the config.
    results : Path
        Folder of results; the figure is ``{dataset}/check/{stimulus}`` in it.

    Returns
    -------
    str
        The page that `tables.page` writes, with the figure's path.

    Raises
    ------
    UserError
        As from a run: whatever is wrong with the files that keeps the run from its first job on.
    """
    about = config.datasets[dataset]
    shown = about.stimuli[stimulus]
    recording = read_recording(shown.recording, shown.layout, about.field.frame_rate)
    known = {name: known_frames(shown, name) for name in recording.sequences}
    first = stimulus == next(iter(about.stimuli))
    found = assess(
        recording,
        _movie(shown, recording.running.reach, known["running"], about.field) if first else None,
        cells=cells(config, dataset),
        field=about.field,
        delay=about.delay,
        min_spikes=about.min_spikes,
        lags=config.sta.lags,
        receptive_field=about.receptive_field,
        known_frames=known,
    )
    wrong, title = faults(found), f"{dataset}, {stimulus}"
    files = ", ".join(map(str, paths(shown.recording)))
    path = results / dataset / "check" / f"{stimulus}.{config.figures.format}"
    # Matplotlib is imported here, after `headless`.
    figure = figures.recording_figure(found, wrong, title, about.field.pixel_size, config.figures)
    figures.save(figure, path, config.figures)
    return f"{page(found, wrong, f'{title}: {files}')}\n\nFigure: {path}"


def _movie(shown: Settings, reach: int, known: int | None, field: StimulusField) -> Stimulus:
    """The first frames of a stimulus, as far as it was shown."""
    n_frames = min(few_frames(shown, field), reach, known or reach)
    return first_frames(shown, n_frames, field.height, field.width)


def main(arguments: list[str] | None = None) -> None:
    """Print a page for each stimulus of each recorded dataset of a config."""
    headless()
    # What averages tell is on the page.
    logging.getLogger("finefield.averages").setLevel(logging.ERROR)
    parser = argparse.ArgumentParser("finefield-check", description=__doc__)
    parser.add_argument("config", help="YAML file with recorded datasets")
    parser.add_argument("--results", default="results", type=Path, help="folder of the figures")
    given = parser.parse_args(arguments)
    try:
        config = load(given.config)
        check_files(config)
        recorded = {name: one for name, one in config.datasets.items() if one.kind == "recorded"}
        if not recorded:
            fix = "name the config of a recording"
            raise UserError(given.config, "no recorded dataset", "kind: recorded", fix)
        for name, dataset in recorded.items():
            for stimulus in dataset.stimuli:
                print(check(config, name, stimulus, given.results), end="\n\n")
    except UserError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
