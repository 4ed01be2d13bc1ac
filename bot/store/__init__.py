"""Valkey: the launcher, records with a compare-and-set commit, indexes, inbox and streams; Lua scripts beside it."""
