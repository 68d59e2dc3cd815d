"""Draw what a recording holds, and say what looks wrong in it."""

from finefield.figures import FigureSettings, recording_figure, save
from finefield.job import run
from finefield.stimuli import StimulusField
from finefield.tables import faults, read_quality


def plot_recording(*, quality, field: StimulusField, style: FigureSettings, wildcards, output):
    found, title = read_quality(quality), f"{wildcards['dataset']}, {wildcards['stimulus']}"
    figure = recording_figure(found, faults(found), title, field.pixel_size, style)
    save(figure, output, style)


if __name__ == "__main__":
    run(plot_recording, snakemake)
