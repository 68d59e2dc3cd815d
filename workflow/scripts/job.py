"""What every script does around its one call: log, errors, dropped cells."""

import logging
import sys
import time
from collections.abc import Callable, Iterable

from finefield.base.errors import UserError
from finefield.base.memory import keep_freed
from finefield.files import store


def run(main: Callable, snakemake, needed: Iterable[str] | None = None) -> None:
    """Call ``main(snakemake)`` as a job of the workflow.

    Messages go to the rule's log and to the screen; so does a traceback, or for what a user can
    mend the bare message. If a `needed` input (all of them by default) says that its cell was
    dropped, `main` is not called and the outputs say so too.
    """
    start = time.monotonic()
    keep_freed()
    where = " ".join(snakemake.wildcards)
    logging.basicConfig(
        level=logging.INFO,
        format=f"{snakemake.rule} {where}: %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(snakemake.log[0], "w")],
    )
    try:
        reason = store.dropped_reason(snakemake.input if needed is None else needed)
        if reason:
            logging.info("cell dropped: %s", reason)
            for path in snakemake.output:
                store.write_dropped(path, reason)
        else:
            main(snakemake)
    except UserError as error:
        logging.error(error)
        sys.exit(1)
    except Exception:
        logging.exception("failed")
        sys.exit(1)
    logging.info("done in %.1f s", time.monotonic() - start)
