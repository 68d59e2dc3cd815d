rule stability:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
        stnmf=lambda wildcards: [
            f"results/{wildcards.dataset}/filters/{model}/{wildcards.stimulus}/{wildcards.cell}.nc"
            for model, names in TRAINED[wildcards.dataset].items()
            if config["models"][model]["network"] == "stnmf"
            and wildcards.cell in names
            and wildcards.model != model
        ],
    output:
        "results/{dataset}/stability/{model}/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/stability/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/stability/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        model_settings=model_part,
        filter_settings=filter_settings,
        code=code("stability"),
    message:
        "{wildcards.dataset}: stability of {wildcards.model} on cell {wildcards.cell}"
    script:
        "../scripts/stability.py"


rule collect_subunits:
    input:
        filters=per_trained_cell("filters"),
        pruning=per_trained_cell("pruning"),
        stability=per_trained_cell("stability"),
        matching=branch(
            lambda wildcards: DATASETS[wildcards.dataset]["kind"] == "simulated",
            then=per_trained_cell("matching"),
            otherwise=[],
        ),
    output:
        dataset="results/{dataset}/subunits/{model}/{stimulus}.nc",
        table=report(
            "results/{dataset}/subunits/{model}/{stimulus}.csv",
            caption="../report/subunits.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "all", "figure": "table of subunits"},
        ),
    log:
        "logs/{dataset}/collect_subunits/{model}/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/collect_subunits/{model}/{stimulus}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        seed=config["seed"],
        cell_names=lambda wildcards: TRAINED[wildcards.dataset][wildcards.model],
        code=code("collect_subunits"),
    message:
        "{wildcards.dataset}: subunits that {wildcards.model} found in all cells"
    script:
        "../scripts/collect_subunits.py"
