rule collect_sweep:
    input:
        models=of_every_point("results/{dataset}/models/{model}/{stimulus}/{cell}.nc"),
        filters=of_every_point("results/{dataset}/filters/{model}/{stimulus}/{cell}.nc"),
        matching=of_every_point(
            "results/{dataset}/matching/{model}/{stimulus}/{cell}.nc", "simulated"
        ),
    output:
        "results/{dataset}/sweeps/{sweep}.nc",
    log:
        "logs/{dataset}/collect_sweep/{sweep}.log",
    benchmark:
        "results/{dataset}/benchmarks/collect_sweep/{sweep}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        seed=config["seed"],
        sweep_settings=sweep_part,
        cell_names=lambda wildcards: SWEPT[wildcards.dataset][wildcards.sweep],
        stimulus_name=lambda wildcards: first_stimulus(wildcards.dataset),
        code=code("collect_sweep"),
    message:
        "{wildcards.dataset}: scores of the sweep {wildcards.sweep}"
    script:
        "../scripts/collect_sweep.py"


rule plot_sweep:
    input:
        sweep="results/{dataset}/sweeps/{sweep}.nc",
    output:
        report(
            f"results/{{dataset}}/figures/sweeps/{{sweep}}.{FORMAT}",
            caption="../report/sweep.rst",
            category="{dataset}",
            labels={"cell": "all", "figure": "sweep {sweep}"},
        ),
    log:
        "logs/{dataset}/plot_sweep/{sweep}.log",
    benchmark:
        "results/{dataset}/benchmarks/plot_sweep/{sweep}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        style=STYLE,
        code=code("plot_sweep"),
    message:
        "{wildcards.dataset}: figure of the sweep {wildcards.sweep}"
    script:
        "../scripts/plot_sweep.py"
