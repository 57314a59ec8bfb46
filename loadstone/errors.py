"""What stops a command with a message instead of a traceback."""


class Trouble(Exception):
    """Something is missing, wrong or in the way; the text is for the person at the terminal."""
