import os
import sys

from snakemake.logging import logger
from snakemake.utils import min_version

min_version("9.0")

# The library and the scripts' shared part are imported from here, by this file and by every job.
WORKFLOW = os.path.join(workflow.basedir, "workflow")
sys.path.insert(0, WORKFLOW)
os.environ.update(PYTHONPATH=WORKFLOW)


# A config file on the command line stands alone; it is not laid over the default one.
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/stimulus.smk"
include: "workflow/rules/cells.smk"
include: "workflow/rules/responses.smk"
include: "workflow/rules/sta.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/filters.smk"
include: "workflow/rules/matching.smk"
include: "workflow/rules/sweeps.smk"
include: "workflow/rules/subunits.smk"
include: "workflow/rules/transfer.smk"
include: "workflow/rules/summary.smk"
include: "workflow/rules/figures.smk"


rule all:
    default_target: True
    input:
        per_dataset("cells.nc"),
        per_dataset("summary.csv"),
        figures(),


onsuccess:
    for dataset in DATASETS:
        logger.info(
            f"{dataset}: results/{dataset}/summary.csv, results/{dataset}/figures/"
        )
