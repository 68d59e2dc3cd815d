rule stability:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
        stnmf=every(
            "results/{dataset}/filters/{stnmf}/{stimulus}/{cell}.nc",
            stnmf=lambda wildcards: [
                model
                for model, names in TRAINED[wildcards.dataset].items()
                if model in FACTORISED and model != wildcards.model and wildcards.cell in names
            ],
        ),
    output:
        "results/{dataset}/stability/{model}/{stimulus}/{cell}.nc",
    log:
        log_of("stability/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("stability/{model}/{stimulus}/{cell}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        model_settings=setting("models/{model}"),
        filter_settings=lambda wildcards: reading.filter_settings(COMPLETE, wildcards.model),
        code=code("stability"),
    message:
        "{wildcards.dataset}: stability of {wildcards.model} on cell {wildcards.cell}"
    script:
        "../scripts/stability.py"


rule collect_subunits:
    input:
        filters=every("results/{dataset}/filters/{model}/{stimulus}/{cell}.nc", cell=trained_cells),
        pruning=every("results/{dataset}/pruning/{model}/{stimulus}/{cell}.nc", cell=trained_cells),
        stability=every(
            "results/{dataset}/stability/{model}/{stimulus}/{cell}.nc", cell=trained_cells
        ),
        matching=branch(
            simulated,
            then=every(
                "results/{dataset}/matching/{model}/{stimulus}/{cell}.nc",
                cell=trained_cells,
            ),
        ),
    output:
        dataset="results/{dataset}/subunits/{model}/{stimulus}.nc",
        table="results/{dataset}/subunits/{model}/{stimulus}.csv",
    log:
        log_of("collect_subunits/{model}/{stimulus}"),
    benchmark:
        benchmark_of("collect_subunits/{model}/{stimulus}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        cell_names=trained_cells,
        code=code("collect_subunits"),
    message:
        "{wildcards.dataset}: subunits that {wildcards.model} found in all cells"
    script:
        "../scripts/collect_subunits.py"
