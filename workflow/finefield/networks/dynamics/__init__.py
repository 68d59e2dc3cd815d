"""Dynamics between a network's filters and its rate: what they do, and how they are fitted."""
