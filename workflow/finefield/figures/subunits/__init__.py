"""The subunits found: of all cells, and where they lie."""
