def of_first_stimulus(pattern):
    """Input function: a file of the stimulus that receptive fields are found with."""

    def file(wildcards):
        stimulus = next(iter(DATASETS[wildcards.dataset]["stimuli"]))
        return pattern.format(stimulus=stimulus, **wildcards)

    return file


rule define_cell:
    message:
        "{wildcards.dataset}: cell {wildcards.cell} as configured"
    output:
        RESULTS + "/cells/{cell}.nc",
    wildcard_constraints:
        dataset=of_kind("simulated"),
    log:
        log_path("define_cell", "{cell}"),
    benchmark:
        benchmark_path("define_cell", "{cell}")
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        cell=dataset_part("cells", "{cell}"),
        code=code("define_cell"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/define_cell.py"


rule locate_cell:
    message:
        "{wildcards.dataset}: finding the receptive field of cell {wildcards.cell}"
    input:
        stimulus=of_first_stimulus(RESULTS + "/stimulus/{stimulus}.nc"),
        responses=of_first_stimulus(RESULTS + "/responses/{stimulus}/{cell}.nc"),
    output:
        RESULTS + "/cells/{cell}.nc",
    wildcard_constraints:
        dataset=of_kind("recorded"),
    log:
        log_path("locate_cell", "{cell}"),
    benchmark:
        benchmark_path("locate_cell", "{cell}")
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        lags=config["sta"]["lags"],
        receptive_field=dataset_part("receptive_field"),
        code=code("locate_cell"),
    threads: 1
    resources:
        mem_mb=3000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/locate_cell.py"


rule collect_cells:
    message:
        "{wildcards.dataset}: table of all cells"
    input:
        cells=per_cell(RESULTS + "/cells/{cell}.nc"),
        responses=per_response(RESULTS + "/responses/{stimulus}/{cell}.nc"),
    output:
        RESULTS + "/cells.nc",
    log:
        log_path("collect_cells", "cells"),
    benchmark:
        benchmark_path("collect_cells", "cells")
    params:
        seed=config["seed"],
        cells=lambda wildcards: CELLS[wildcards.dataset],
        code=code("collect_cells"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/collect_cells.py"
