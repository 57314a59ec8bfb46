"""`python -m loadstone`."""

from loadstone.cli import main

main(prog_name="loadstone")
