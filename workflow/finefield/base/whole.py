"""Files that are whole or absent."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from finefield.base.errors import UserError


@contextmanager
def whole(path: str | Path):
    """A temporary path beside `path`, renamed to it when the block ends without an error.

    Yields
    ------
    pathlib.Path
        Where to write. It is removed if the block raises, so that a file is whole or absent.

    Raises
    ------
    UserError
        If it cannot be written, as on a full disk.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except (OSError, RuntimeError) as error:
        free = shutil.disk_usage(path.parent).free / 1e6
        got = f"{error} ({free:.0f} MB are free)"
        fix = "make room on the disk, or correct the folder's permissions, and run again"
        raise UserError(f"writing {path}", got, "room and permission to write it", fix) from error
    finally:
        part.unlink(missing_ok=True)
