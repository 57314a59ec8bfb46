"""Meaning: pure functions from training history to documents. No clock, no database, no randomness."""
