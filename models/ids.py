"""Ids: UUIDv7, so that what is made later sorts later and indexes stay dense."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()
