"""Files that are whole or absent, and checksums at their ends, by which damage is noticed.

NetCDF libraries and torch.load pass over what follows the end of their data.
"""

import mmap
import os
import shutil
import zlib
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from finefield.base.errors import UserError

MARK = b"\nfinefield crc32 "
#: Bytes of a seal: the mark and the checksum in hexadecimal digits.
SIZE = len(MARK) + 8


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


def seal(path: str | Path) -> None:
    """Append a checksum to a file."""
    with open(path, "r+b") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            checksum = zlib.crc32(content)
        file.seek(0, os.SEEK_END)
        file.write(MARK + b"%08x" % checksum)


def check_seal(path: str | Path) -> None:
    """Compare a file with its checksum, once for all readings of a process.

    Raises
    ------
    OSError
        If the file has a checksum and is damaged, or if there is no such file.
    """
    status = os.stat(path)
    if status.st_size > SIZE and not _intact(path, status.st_mtime_ns, status.st_size):
        raise OSError("the file has changed since it was written: its checksum is wrong")


@cache
def _intact(path: str | Path, changed_at: int, size: int) -> bool:
    """Whether a file has no seal or the right one; another time or size is another file."""
    with (
        open(path, "rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        memoryview(data) as view,
        view[:-SIZE] as content,
    ):
        mark, said = data[-SIZE:-8], data[-8:]
        return mark != MARK or said == b"%08x" % zlib.crc32(content)
