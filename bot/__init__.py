"""Vocero, a community team's day inside Slack: this package is the house; `handlers` and `connectors` live in it."""
