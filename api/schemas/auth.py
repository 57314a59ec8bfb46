"""What signing in answers."""

from typing import Literal

from msgspec import Struct

from models.domain.accounts import Account


class Tokens(Struct, frozen=True, kw_only=True):
    """An access token for the Authorization header, and the refresh token that works once to get the next pair."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in_s: int
    refresh_token: str
    refresh_expires_in_s: int


class SignedUp(Tokens, frozen=True, kw_only=True):
    """The tokens of a new account, and the account."""

    account: Account
