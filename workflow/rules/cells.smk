rule define_cell:
    output:
        "results/{dataset}/cells/{cell}.nc",
    log:
        "logs/{dataset}/define_cell/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/define_cell/{cell}.tsv"
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        cell_settings=dataset_part("cells", "{cell}"),
        code=code("define_cell"),
    message:
        "{wildcards.dataset}: cell {wildcards.cell} as configured"
    script:
        "../scripts/define_cell.py"


rule locate_cell:
    input:
        stimulus=of_first_stimulus("results/{dataset}/stimulus/{stimulus}.nc"),
        responses=of_first_stimulus("results/{dataset}/responses/{stimulus}/{cell}.nc"),
    output:
        "results/{dataset}/cells/{cell}.nc",
    log:
        "logs/{dataset}/locate_cell/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/locate_cell/{cell}.tsv"
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=3000,
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        lags=config["sta"]["lags"],
        receptive_field_settings=dataset_part("receptive_field"),
        code=code("locate_cell"),
    message:
        "{wildcards.dataset}: finding the receptive field of cell {wildcards.cell}"
    script:
        "../scripts/locate_cell.py"


rule collect_cells:
    input:
        cells=per_cell("results/{dataset}/cells/{cell}.nc"),
        responses=per_cell("results/{dataset}/responses/{stimulus}/{cell}.nc"),
    output:
        dataset="results/{dataset}/cells.nc",
        table=report(
            "results/{dataset}/cells.csv",
            caption="../report/cells.rst",
            category="{dataset}",
            labels={"cell": "all", "figure": "quality of the cells"},
        ),
    log:
        "logs/{dataset}/collect_cells/cells.log",
    benchmark:
        "results/{dataset}/benchmarks/collect_cells/cells.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        seed=config["seed"],
        cell_names=lambda wildcards: CELLS[wildcards.dataset],
        field=dataset_part("field"),
        code=code("collect_cells"),
    message:
        "{wildcards.dataset}: table of all cells and their quality"
    script:
        "../scripts/collect_cells.py"
