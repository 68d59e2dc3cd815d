"""Composites as a paper prints them: panels of the other figures, put together."""
