"""Reads. Whatever an athlete owns is reached through a VisibleAthlete only."""
