"""The heart: domain, tables, queries and services. Knows nothing of HTTP, Temporal or polars."""
