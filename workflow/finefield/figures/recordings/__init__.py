"""The page of a recording: what it holds, and what looks wrong in it."""
