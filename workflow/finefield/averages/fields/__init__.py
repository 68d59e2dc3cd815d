"""Receptive fields: where a cell looks, and whether it saw the stimulus that the config states."""
