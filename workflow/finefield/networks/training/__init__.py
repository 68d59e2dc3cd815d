"""How networks are trained: inputs, starts, samples, steps, and the best check."""
