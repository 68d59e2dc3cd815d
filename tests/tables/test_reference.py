"""docs/files.md says what files hold as they are declared."""

from pathlib import Path

import pytest

from finefield.base.errors import UserError
from finefield.tables.reference import FILES, MARKER, file_table, write_reference

PAGE = Path(__file__).parents[2] / "docs/files.md"


def test_the_page_is_rendered_from_the_declarations(tmp_path):
    copy = tmp_path / "files.md"
    copy.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    write_reference(copy)
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


def test_every_declared_variable_has_a_line():
    table = file_table()
    for file in FILES:
        assert f"`{file.path}`" in table
        for group in file.groups.values():
            for name, one in group.items():
                dims = f" ({', '.join(one.dims)})" if one.dims else ""
                assert f"| `{name}{dims}` | {one.units} | {one.long_name}" in table, name


def test_a_page_without_the_marker_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Files\n")
    with pytest.raises(UserError, match="no marker"):
        write_reference(page)
    assert MARKER not in page.read_text()
