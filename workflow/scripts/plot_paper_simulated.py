"""Draw a simulated cell as a paper does: the circuit, and filters against its subunits."""

from finefield.figures import (
    FigureSettings,
    circuit_figure,
    judged_figure,
    read_kept,
    save,
    save_text,
)
from finefield.files import dropped_reason, first_frames, read_window
from finefield.job import run


def plot_paper_simulated(
    *,
    stimulus,
    cell,
    responses,
    sta,
    model,
    filters,
    pruning,
    matching,
    model_name,
    stimulus_name,
    style: FigureSettings,
    circuit,
    judged,
):
    files = {"cell": cell, "responses": responses, "sta": sta, "model": model, "filters": filters}
    files |= {"pruning": pruning, "matching": matching}
    kept = read_kept(files, {"model": model_name, "stimulus": stimulus_name})
    if not kept:
        reason = dropped_reason([path for paths in files.values() for path in paths])
        for output in (circuit, judged):
            save_text(f"no cell: {reason}", output, style)
        return
    (parts,) = kept
    frames = first_frames(stimulus[0], 3, read_window(cell[0]))
    save(circuit_figure(parts, frames, style), circuit, style)
    save(judged_figure(parts, style), judged, style)


if __name__ == "__main__":
    run(plot_paper_simulated, snakemake)
