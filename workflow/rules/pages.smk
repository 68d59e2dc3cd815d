# A page is never a GIF, so that no cell's name makes its film another's page.
FILM = {
    "film": reported(
        "figures/{model}/{stimulus}/{cell}_film.gif",
        "film",
        "training",
        "film of the training",
        "{cell}",
    )
}


rule plot_cell:
    input:
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        sta="results/{dataset}/sta/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
        pruning="results/{dataset}/pruning/{model}/{stimulus}/{cell}.nc",
        matching=branch(simulated, then="results/{dataset}/matching/{model}/{stimulus}/{cell}.nc"),
    output:
        **(FILM if config["figures"]["film"] else {}),
        page=reported(
            f"figures/{{model}}/{{stimulus}}/{{cell}}.{FORMAT}",
            "cell",
            "cells",
            "page of a cell",
            "{cell}",
        ),
    log:
        log_of("plot_cell/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("plot_cell/{model}/{stimulus}/{cell}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_cell"),
    message:
        "{wildcards.dataset}: figure of cell {wildcards.cell}, {wildcards.model}"
    script:
        "../scripts/plot_cell.py"


rule plot_physiology:
    input:
        physiology="results/{dataset}/physiology/{cell}.nc",
        responses=lambda wildcards: f"results/{{dataset}}/responses/{first_stimulus(wildcards)}/{{cell}}.nc",
    output:
        reported(
            f"figures/physiology/{{cell}}.{FORMAT}",
            "physiology",
            "cells",
            "physiology",
            "{cell}",
        ),
    log:
        log_of("plot_physiology/{cell}"),
    benchmark:
        benchmark_of("plot_physiology/{cell}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_physiology"),
    message:
        "{wildcards.dataset}: figure of the physiology of cell {wildcards.cell}"
    script:
        "../scripts/plot_physiology.py"
