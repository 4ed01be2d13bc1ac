"""The outside world for demo and tests: Slack, X, Facebook, practice and an audience. Imports nothing of ours."""
