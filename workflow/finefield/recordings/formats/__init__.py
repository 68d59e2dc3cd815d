"""Formats of recordings, each read by a module of its own."""
