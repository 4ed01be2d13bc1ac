"""The rules, pure: no I/O, no clock, no randomness, no Slack. Time, ids and chance come in as arguments."""
