"""Running Giga Tools: the demo, and the small supervisor under it."""
