"""Parts of the page of one cell: maps, courses of time and training, responses."""
