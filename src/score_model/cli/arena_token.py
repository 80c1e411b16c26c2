"""`score-model arena token`: bearer tokens of a local production."""

import sys
from pathlib import Path

from score_model.cli._arena_options import database_path
from score_model.cli._console import print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, clock_us
from score_model.contract import format_instant
from score_model.errors import UsageError


def token(
    name: str | None = None,
    *,
    list: bool = False,  # noqa: A002 - the name of the flag
    revoke: str | None = None,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Make a bearer token, list the tokens, or revoke one. A running arena knows at once.

    A new token is printed on stdout, this once: the database keeps its SHA-256 only. An arena whose database has tokens
    demands one on every request to the task API and the export. Make one for each agent, so that each can be revoked:

        export AUTOPPIA_PROD_API_TOKEN=$(score-model arena token my-agent)
        score-model tasks list --base-url http://127.0.0.1:8091/api
        score-model arena token --list
        score-model arena token --revoke my-agent

    Parameters
    ----------
    name: str | None
        Name of the token to make.
    list: bool
        List the tokens by name.
    revoke: str | None
        Name of the token to revoke.
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the result as one JSON object.
    """
    from score_model.arena import open_engine
    from score_model.arena.api import create_token, list_tokens, revoke_token

    if (name is not None) + list + (revoke is not None) != 1:
        raise UsageError("name a token to make, or use --list, or --revoke NAME")
    path: Path = database_path(database, data_dir)
    if name is None and not path.exists():
        raise UsageError(f"there is no arena at {path}, so there are no tokens: score-model arena token NAME makes one")
    engine = open_engine(path)
    try:
        if name is not None:
            made = create_token(engine, clock_us, name)
            if json:
                print_json({"name": name, "token": made})
            else:
                sys.stdout.write(made + "\n")
            say(f"token {name!r} made; it is not shown again: {path}")
        elif revoke is not None:
            revoke_token(engine, revoke)
            left = len(list_tokens(engine))
            if json:
                print_json({"revoked": revoke, "left": left})
            say(f"token {revoke!r} revoked, {left} left: {path}")
        else:
            known = [(one.name, format_instant(one.created_us)) for one in list_tokens(engine)]
            if json:
                print_json({"tokens": [{"name": one, "created_at": created} for one, created in known]})
            say(*(f"{created}  {one}" for one, created in known))
    finally:
        engine.dispose()
    return 0
