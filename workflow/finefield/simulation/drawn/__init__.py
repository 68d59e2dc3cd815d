"""Simulated cells drawn at random: populations, and circuits that share bipolar cells."""
