"""Durable work: what is recorded is analysed, whatever is killed in between."""
