"""What the records mean: one noun a module, each a formula with its source, units, domain and a doctest."""
