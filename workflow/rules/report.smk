rule report_pages:
    input:
        cells="results/{dataset}/cells.csv",
        summary="results/{dataset}/summary.csv",
        transfers=every("results/{dataset}/transfer/{model}.csv", model=trained_models),
        quality=branch(
            simulated,
            otherwise=every("results/{dataset}/quality/{stimulus}.nc", stimulus=stimuli),
        ),
    output:
        overview_page=reported("report/overview.html", "overview", "tables", "overview"),
        cells_table=reported("report/cells.html", "cells", "tables", "table of cells"),
        networks_table=reported("report/networks.html", "networks", "tables", "table of networks"),
        transfer_table=reported("report/transfer.html", "grids", "tables", "table of transfer"),
    log:
        log_of("report_pages/report"),
    benchmark:
        benchmark_of("report_pages/report")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        model_names=trained_models,
        stimulus_names=stimuli,
        settings=what_was_shown,
        code=code("report_pages"),
    message:
        "{wildcards.dataset}: overview and tables of the report"
    script:
        "../scripts/report_pages.py"
