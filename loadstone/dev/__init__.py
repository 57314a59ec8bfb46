"""The stack on a laptop: real PostgreSQL and Temporal servers, the API and a worker, as children of one process."""
