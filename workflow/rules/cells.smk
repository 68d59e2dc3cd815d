rule define_cell:
    output:
        "results/{dataset}/cells/{cell}.nc",
    log:
        log_of("define_cell/{cell}"),
    benchmark:
        benchmark_of("define_cell/{cell}")
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        field=setting("datasets/{dataset}/field"),
        cell_settings=setting("datasets/{dataset}/cells/{cell}"),
        code=code("define_cell"),
    message:
        "{wildcards.dataset}: cell {wildcards.cell} as configured"
    script:
        "../scripts/define_cell.py"


rule locate_cell:
    input:
        stimulus=lambda wildcards: f"results/{{dataset}}/stimulus/{first_stimulus(wildcards)}.nc",
        responses=lambda wildcards: f"results/{{dataset}}/responses/{first_stimulus(wildcards)}/{{cell}}.nc",
    output:
        "results/{dataset}/cells/{cell}.nc",
    log:
        log_of("locate_cell/{cell}"),
    benchmark:
        benchmark_of("locate_cell/{cell}")
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(3000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        field=setting("datasets/{dataset}/field"),
        lags=config["sta"]["lags"],
        receptive_field_settings=setting("datasets/{dataset}/receptive_field"),
        crop=lambda wildcards: setting("datasets/{dataset}/crops")(wildcards).get(wildcards.cell),
        code=code("locate_cell"),
    message:
        "{wildcards.dataset}: finding the receptive field of cell {wildcards.cell}"
    script:
        "../scripts/locate_cell.py"


rule collect_cells:
    input:
        cells=every("results/{dataset}/cells/{cell}.nc", cell=cells),
        responses=every(
            "results/{dataset}/responses/{stimulus}/{cell}.nc", stimulus=first_stimulus, cell=cells
        ),
    output:
        dataset="results/{dataset}/cells.nc",
        table="results/{dataset}/cells.csv",
    log:
        log_of("collect_cells/cells"),
    benchmark:
        benchmark_of("collect_cells/cells")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        cell_names=cells,
        field=setting("datasets/{dataset}/field"),
        sought_with=sought_with,
        lags=sought_lags,
        code=code("collect_cells"),
    message:
        "{wildcards.dataset}: table of all cells and their quality"
    script:
        "../scripts/collect_cells.py"
