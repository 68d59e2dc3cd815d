"""Draw stimuli, the subunits found with each, and how well networks of one predict another."""

from finefield.figures import FigureSettings, between_figure, save
from finefield.files import first_frames, store
from finefield.job import run


def plot_paper_stimuli(
    *,
    stimuli,
    cells,
    subunits,
    transfers,
    model_names,
    stimulus_names,
    style: FigureSettings,
    output,
):
    frames = {
        name: first_frames(path, 1) for name, path in zip(stimulus_names, stimuli, strict=True)
    }
    found = {
        name: store.read(path).assign_attrs(model=model_names[0], stimulus=name)
        for name, path in zip(stimulus_names, subunits, strict=True)
    }
    grids = dict(zip(model_names, map(store.read, transfers), strict=True))
    save(between_figure(frames, found, store.read(cells), grids, style), output, style)


if __name__ == "__main__":
    run(plot_paper_stimuli, snakemake)
