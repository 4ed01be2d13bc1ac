"""The outside world for the demo and the tests: a Slack workspace, X, Facebook, practice and an audience. Imports nothing of ours."""
