"""The shared domain layer: structs, bounds, rules, events and errors. Imports msgspec and the standard library only."""
