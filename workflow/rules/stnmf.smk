if LEFT_OUT and workflow.is_main_process:
    logger.warning(
        f"Left out, as stnmf_python, {config['stnmf_python']}, is not there: "
        f"models {', '.join(LEFT_OUT)}. Fix: make stnmf"
    )


rule factorise:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    log:
        log_of("factorise/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("factorise/{model}/{stimulus}/{cell}")
    wildcard_constraints:
        model=any_of(FACTORISED),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(3000),
        runtime=growing(20),
    params:
        seed=config["seed"],
        model_settings=setting("models/{model}"),
        code=code("factorise"),
    message:
        "{wildcards.dataset}: factorising cell {wildcards.cell} by {wildcards.model}, {wildcards.stimulus}"
    script:
        "../scripts/factorise.py"
