"""The account of whoever is asking."""

from litestar import get, patch
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from api.answers import Answer, encoded, now
from api.deps import ME, ApiRequest, reading, visible_athlete, writing
from api.problems import responses
from models.domain.accounts import Account, AccountChanges
from models.queries import accounts as queries
from models.services import accounts

ANSWER = {200: ResponseSpec(Account, generate_examples=False, description="The account.")}


@get(
    "/me",
    operation_id="get_me",
    summary="Read your account",
    responses={**ANSWER, **responses(400, 401, 404, 500, 503)},
)
async def get_me(request: ApiRequest) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, ME)
        return encoded(await queries.get_account(session, athlete))


@patch(
    "/me",
    operation_id="update_me",
    summary="Change your settings",
    description="What is left out stays as it is. A new time zone moves dates, so it starts a new analysis.",
    responses={**ANSWER, **responses(400, 401, 404, 413, 415, 422, 500, 503)},
)
async def update_me(request: ApiRequest, data: JSONBody[AccountChanges]) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, ME)
        account = await accounts.change_account(session, athlete, data, now=now())
    return encoded(account)
