"""Draw recorded cells as a paper does: receptive fields, subunits, responses, predictions."""

from finefield.figures import FigureSettings, read_kept, recorded_figure, save, save_text
from finefield.job import run


def plot_paper_recorded(
    *,
    cell,
    responses,
    sta,
    model,
    filters,
    model_name,
    stimulus_name,
    style: FigureSettings,
    output,
):
    files = {"cell": cell, "responses": responses, "sta": sta, "model": model, "filters": filters}
    kept = read_kept(files, {"model": model_name, "stimulus": stimulus_name})
    if kept:
        save(recorded_figure(kept, style), output, style)
    else:
        save_text("the first cells were all dropped: see cells.csv", output, style)


if __name__ == "__main__":
    run(plot_paper_recorded, snakemake)
