"""The door: command line, settings, and the stack on a laptop."""
