"""How subunits are found: positions on a grid, then Gaussians, then filters of free shape."""
