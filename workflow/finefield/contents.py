"""What the files of users hold: checksums, kept from run to run so that a file is read once."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from finefield.base.errors import UserError
from finefield.base.whole import whole

#: Path -> size, time of the last change, and checksum.
KEPT = Path(".snakemake/contents.json")


def contents(paths: Iterable[str | Path]) -> list[str]:
    """Checksums of files, for a rule's params.

    Parameters
    ----------
    paths : iterable of path
        Files in their order; those that are missing are left to Snakemake.

    Returns
    -------
    list of str
        SHA-256 of each file that is there.

    Notes
    -----
    Names and times are no part of it: neither a touch nor a copy of a recording reruns anything.
    A file of the same size and time as when it was last read is not read again.
    """
    try:
        kept = json.loads(KEPT.read_text())
    except (OSError, ValueError):
        kept = {}
    files = [str(path.resolve()) for path in map(Path, paths) if path.is_file()]
    known = {path: _known(Path(path), kept.get(path)) for path in files}
    if not known.items() <= kept.items():
        with suppress(UserError), whole(KEPT) as part:  # a folder that is only read
            part.write_text(json.dumps(kept | known))
    return [known[path][-1] for path in files]


def _known(path: Path, before: list | None) -> list:
    """Size, time and checksum of a file, the latter as before if the others are."""
    status = path.stat()
    now = [status.st_size, status.st_mtime_ns]
    if before and before[:2] == now:
        return before
    with path.open("rb") as file:
        return [*now, hashlib.file_digest(file, "sha256").hexdigest()]
