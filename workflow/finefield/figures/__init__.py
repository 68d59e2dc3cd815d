"""Figures: functions from datasets to Matplotlib figures; they compute no statistics."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cell": ["cell_figure"],
        "field": ["field_figure"],
        "film": ["save_film", "save_reason"],
        "paper.between": ["between_figure"],
        "paper.circuit": ["circuit_figure"],
        "paper.judged": ["judged_figure"],
        "paper.recorded": ["recorded_figure"],
        "paper.sweeps": ["sweeps_figure"],
        "paper.transferred": ["transferred_figure"],
        "parts": ["Parts", "read_kept", "read_parts"],
        "physiology": ["physiology_figure"],
        "recordings.page": ["recording_figure"],
        "settings": ["FigureSettings"],
        "style": ["placeholder", "save", "save_text"],
        "subunits.mosaic": ["mosaic_figure"],
        "subunits.population": ["subunits_figure"],
        "summary": ["summary_figure"],
        "sweep": ["sweep_figure"],
        "transfer.grid": ["transfer_figure"],
        "transfer.similarity": ["similarity_figure"],
        "transfer.stimuli": ["stimuli_figure"],
    },
)
