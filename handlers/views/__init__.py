"""How each feature looks: pure functions from records to Block Kit, and the classes of what can be pressed."""
