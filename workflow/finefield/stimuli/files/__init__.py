"""A stimulus' frames in a file of any kind, read block by block."""
