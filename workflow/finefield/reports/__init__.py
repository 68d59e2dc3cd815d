"""Pages of the report: what was run, and tables that a reader can sort."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "html": ["save_page", "sortable"],
        "overview": ["Run", "overview", "read_times"],
        "tables": ["cells_page", "networks_page", "transfer_page"],
    },
)
