"""Membranes that spike."""
