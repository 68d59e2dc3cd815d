rule collect_sweep:
    input:
        models=every(
            "results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
            model=swept_models,
            stimulus=first_stimulus,
            cell=swept_cells,
        ),
        filters=every(
            "results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
            model=swept_models,
            stimulus=first_stimulus,
            cell=swept_cells,
        ),
        matching=branch(
            simulated,
            then=every(
                "results/{dataset}/matching/{model}/{stimulus}/{cell}.nc",
                model=swept_models,
                stimulus=first_stimulus,
                cell=swept_cells,
            ),
        ),
    output:
        "results/{dataset}/sweeps/{sweep}.nc",
    log:
        log_of("collect_sweep/{sweep}"),
    benchmark:
        benchmark_of("collect_sweep/{sweep}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        sweep_settings=setting("datasets/{dataset}/sweeps/{sweep}"),
        # From the setting's description, which does not count as code.
        units=lambda wildcards: reading.units(
            DATASETS[wildcards.dataset].sweeps[wildcards.sweep].setting
        ),
        cell_names=swept_cells,
        stimulus_name=first_stimulus,
        code=code("collect_sweep"),
    message:
        "{wildcards.dataset}: scores of the sweep {wildcards.sweep}"
    script:
        "../scripts/collect_sweep.py"
