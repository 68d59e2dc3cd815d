rule plot_cell:
    input:
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        sta="results/{dataset}/sta/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
        pruning="results/{dataset}/pruning/{model}/{stimulus}/{cell}.nc",
        matching=branch(
            lambda wildcards: DATASETS[wildcards.dataset]["kind"] == "simulated",
            then="results/{dataset}/matching/{model}/{stimulus}/{cell}.nc",
            otherwise=[],
        ),
    output:
        report(
            f"results/{{dataset}}/figures/{{model}}/{{stimulus}}/{{cell}}.{FORMAT}",
            caption="../report/cell.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "{cell}", "stimulus": "{stimulus}"},
        ),
    log:
        "logs/{dataset}/plot_cell/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_cell/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_cell"),
    message:
        "{wildcards.dataset}: figure of cell {wildcards.cell}, {wildcards.model}"
    script:
        "../scripts/plot_cell.py"


rule plot_film:
    input:
        cell="results/{dataset}/cells/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
    output:
        # A page of plot_cell is never a GIF, so that no cell's name makes this one ambiguous.
        report(
            "results/{dataset}/figures/{model}/{stimulus}/{cell}_film.gif",
            caption="../report/film.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "{cell}", "stimulus": "{stimulus}", "figure": "film"},
        ),
    log:
        "logs/{dataset}/plot_film/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_film/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_film"),
    message:
        "{wildcards.dataset}: film of training {wildcards.model} on cell {wildcards.cell}"
    script:
        "../scripts/plot_film.py"


rule plot_subunits:
    input:
        subunits="results/{dataset}/subunits/{model}/{stimulus}.nc",
    output:
        report(
            f"results/{{dataset}}/figures/{{model}}/subunits_{{stimulus}}.{FORMAT}",
            caption="../report/subunits.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "all", "stimulus": "{stimulus}", "figure": "subunits"},
        ),
    log:
        "logs/{dataset}/plot_subunits/{model}/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_subunits/{model}/{stimulus}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_subunits"),
    message:
        "{wildcards.dataset}: figure of the subunits that {wildcards.model} found in all cells"
    script:
        "../scripts/plot_subunits.py"


rule plot_transfer:
    input:
        transfer="results/{dataset}/transfer/{model}.nc",
    output:
        report(
            f"results/{{dataset}}/figures/{{model}}/transfer.{FORMAT}",
            caption="../report/transfer.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "all", "figure": "transfer grid"},
        ),
    log:
        "logs/{dataset}/plot_transfer/{model}.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_transfer/{model}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_transfer"),
    message:
        "{wildcards.dataset}: figure of the transfer grid of {wildcards.model}"
    script:
        "../scripts/plot_transfer.py"


rule plot_similarity:
    input:
        transfer="results/{dataset}/transfer/{model}.nc",
    output:
        report(
            f"results/{{dataset}}/figures/{{model}}/similarity.{FORMAT}",
            caption="../report/similarity.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "all", "figure": "transfer and similarity"},
        ),
    log:
        "logs/{dataset}/plot_similarity/{model}.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_similarity/{model}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_similarity"),
    message:
        "{wildcards.dataset}: figure of transfer and similarity of cells, {wildcards.model}"
    script:
        "../scripts/plot_similarity.py"


rule plot_stimuli:
    input:
        transfers=lambda wildcards: [
            f"results/{wildcards.dataset}/transfer/{model}.nc"
            for model in TRAINED[wildcards.dataset]
        ],
    output:
        report(
            f"results/{{dataset}}/figures/stimuli.{FORMAT}",
            caption="../report/stimuli.rst",
            category="{dataset}",
            labels={"cell": "all", "figure": "transfer between stimuli"},
        ),
    log:
        "logs/{dataset}/plot_stimuli/stimuli.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_stimuli/stimuli.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        model_names=lambda wildcards: list(TRAINED[wildcards.dataset]),
        code=code("plot_stimuli"),
    message:
        "{wildcards.dataset}: figure of transfer between stimuli"
    script:
        "../scripts/plot_stimuli.py"


rule plot_summary:
    input:
        summary="results/{dataset}/summary.csv",
    output:
        report(
            f"results/{{dataset}}/figures/summary.{FORMAT}",
            caption="../report/summary.rst",
            category="{dataset}",
            labels={"cell": "all", "figure": "summary"},
        ),
    log:
        "logs/{dataset}/plot_summary/summary.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_summary/summary.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_summary"),
    message:
        "{wildcards.dataset}: figure of all networks beside the LN model"
    script:
        "../scripts/plot_summary.py"


rule plot_field:
    input:
        cells="results/{dataset}/cells.nc",
    output:
        report(
            f"results/{{dataset}}/figures/field.{FORMAT}",
            caption="../report/field.rst",
            category="{dataset}",
            labels={"cell": "all", "figure": "receptive fields"},
        ),
    log:
        "logs/{dataset}/plot_field/field.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_field/field.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_field"),
    message:
        "{wildcards.dataset}: figure of all receptive fields"
    script:
        "../scripts/plot_field.py"
