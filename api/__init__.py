"""HTTP: a thin Litestar API over the services of models. It never talks to Temporal."""
