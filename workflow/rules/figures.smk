FORMAT = config["figures"]["format"]


def figures():
    """Every figure of every dataset."""
    return [
        path
        for dataset in DATASETS
        for path in [
            *per_training(f"{RESULTS}/figures/{{model}}/{{stimulus}}/{{cell}}.{FORMAT}", dataset),
            *(f"results/{dataset}/figures/{model}/transfer.{FORMAT}" for model in TRAINED[dataset]),
            f"results/{dataset}/figures/summary.{FORMAT}",
        ]
    ]


rule plot_cell:
    message:
        "{wildcards.dataset}: figure of cell {wildcards.cell}, {wildcards.model}"
    input:
        cell=RESULTS + "/cells/{cell}.nc",
        responses=RESULTS + "/responses/{stimulus}/{cell}.nc",
        sta=RESULTS + "/sta/{stimulus}/{cell}.nc",
        model=RESULTS + "/models/{model}/{stimulus}/{cell}.nc",
        filters=RESULTS + "/filters/{model}/{stimulus}/{cell}.nc",
        matching=branch(
            lambda wildcards: DATASETS[wildcards.dataset]["kind"] == "simulated",
            then=RESULTS + "/matching/{model}/{stimulus}/{cell}.nc",
            otherwise=[],
        ),
    output:
        report(
            RESULTS + f"/figures/{{model}}/{{stimulus}}/{{cell}}.{FORMAT}",
            caption="../report/cell.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "{cell}", "stimulus": "{stimulus}"},
        ),
    log:
        log_path("plot_cell", "{model}", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("plot_cell", "{model}", "{stimulus}", "{cell}")
    params:
        style=config["figures"],
        code=code("plot_cell"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/plot_cell.py"


rule plot_transfer:
    message:
        "{wildcards.dataset}: figure of the transfer grid of {wildcards.model}"
    input:
        RESULTS + "/transfer/{model}.nc",
    output:
        report(
            RESULTS + f"/figures/{{model}}/transfer.{FORMAT}",
            caption="../report/transfer.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "all", "figure": "transfer grid"},
        ),
    log:
        log_path("plot_transfer", "{model}"),
    benchmark:
        benchmark_path("plot_transfer", "{model}")
    params:
        style=config["figures"],
        code=code("plot_transfer"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/plot_transfer.py"


rule plot_summary:
    message:
        "{wildcards.dataset}: figure of all networks beside the LN model"
    input:
        RESULTS + "/summary.csv",
    output:
        report(
            RESULTS + f"/figures/summary.{FORMAT}",
            caption="../report/summary.rst",
            category="{dataset}",
            labels={"cell": "all", "figure": "summary"},
        ),
    log:
        log_path("plot_summary", "summary"),
    benchmark:
        benchmark_path("plot_summary", "summary")
    params:
        style=config["figures"],
        code=code("plot_summary"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/plot_summary.py"
