"""Secrets: what seals them, and that none is ever seen."""
