"""Transfer between cells and stimuli: the grid, similarity of cells, and other stimuli."""
