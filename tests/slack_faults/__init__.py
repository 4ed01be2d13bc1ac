"""Slack under faults: repeated, late and lost, out of order, limited, cut off, and channels that go away."""
