"""`handrail catalog` and `handrail view`: find apps, and keep what you look for often."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import click

from handrail.surfaces.cli.client import MISSING, USAGE, Client, fail, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.session_state import State

_PATH: Final = "/api/v1/catalog"
_COLUMNS: Final = ("name", "stage", "runs", "team", "owner", "deputy", "platform", "dataClass", "attention")
_FACETS: Final = ("stage", "runs", "platform", "dataClass", "team")
_SIGNS: Final[tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...]] = (
    ("quarantined", lambda item: item["quarantined"]),
    ("drifted", lambda item: item["runs"] == "drifted"),
    ("owner left", lambda item: not item["ownerActive"]),
    ("no deputy", lambda item: item["stage"] == "operating" and not item["deputy"]),
    ("in review", lambda item: item["inReview"] is not None),
)
_OPTIONS: Final = (
    click.option("--stage", multiple=True, metavar="STAGE", help="idea, prototype, operating or retired; repeatable."),
    click.option(
        "--runs", multiple=True, metavar="HOW", help="executed, observed, declared, drifted or none; repeatable."
    ),
    click.option("--platform", multiple=True, metavar="NAME", help="Where it was built; repeatable."),
    click.option(
        "--data-class", multiple=True, metavar="LEVEL", help="public, internal, confidential, restricted; repeatable."
    ),
    click.option("--team", multiple=True, metavar="TEAM", help="Only apps of this team; repeatable."),
    click.option("--owner", default=None, metavar="PERSON", help="Only apps of this person; `me` for yours."),
    click.option(
        "--flag",
        multiple=True,
        metavar="FLAG",
        help="in_review, drifted, quarantined, no_owner or no_deputy; of several an app must have all.",
    ),
    click.option("--retired", is_flag=True, help="Retired apps too."),
    click.option("--sort", default=None, metavar="ORDER", help="attention (the default), name or created."),
)


def _filters(command: Any) -> Any:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _query(words: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return what was asked for as the API's query, without what was not given."""
    query: dict[str, Any] = {"q": " ".join(words)}
    for key, value in given.items():
        name = "dataClass" if key == "data_class" else key
        query[name] = list(value) if isinstance(value, tuple) else ("true" if value is True else value)
    return {key: value for key, value in query.items() if value}


@click.group()
def catalog() -> None:
    """The catalog: search it, count it, repair its index.

    Example: handrail catalog search invoice --stage operating
    """


@catalog.command(
    epilog="Examples: handrail catalog search 'invoice owner:ada'; handrail catalog search --flag drifted --all -o csv"
)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@_filters
@click.option("--view", default="", metavar="NAME", help="Begin with a saved view; what is given besides comes on top.")
@click.option("--limit", default=50, show_default=True, metavar="N", help="Apps on a page, 200 at most.")
@click.option("--cursor", default=None, metavar="TEXT", help="Where the page before ended.")
@click.option("--all", "everything", is_flag=True, help="Every page.")
@output_option
@pass_client
def search(
    client: Client,
    words: tuple[str, ...],
    view: str,
    limit: int,
    cursor: str | None,
    everything: bool,
    output: str,
    **given: Any,
) -> None:
    """Find apps by WORDS in their names, purposes, people, teams, systems and steps.

    WORDS may hold "phrases", -excluded words (behind `--`) and filters such as owner:ada, stage:operating or
    is:drifted. The last word may be the beginning of one.
    """
    query = {**_saved(client, view), **_query(words, given)}
    found = client.get(_PATH, **query, limit=limit, cursor=cursor)
    while everything and found["next"]:
        further = client.get(_PATH, **query, limit=limit, cursor=found["next"])
        found = {**found, "items": [*found["items"], *further["items"]], "next": further["next"]}
    if output in {"table", "csv"}:
        rows = [{**item, "attention": [word for word, has in _SIGNS if has(item)]} for item in found["items"]]
        emit(rows, output, columns=_COLUMNS, empty="No app matches.")
    else:
        emit(found, output)
    if found["matched"] == "similar":
        say("No app has these words; these have others that are spelled alike.")
    say(f"{len(found['items'])} of {found['total']} apps")
    if found["next"]:
        say(f"the next page: add --cursor {found['next']}, or --all")


@catalog.command(epilog="Example: handrail catalog counts --stage operating")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@_filters
@output_option
@pass_client
def counts(client: Client, words: tuple[str, ...], output: str, **given: Any) -> None:
    """Count apps by stage, what runs, platform, data class and team, each under all other filters."""
    found = client.get(_PATH, **_query(words, given), limit=1)
    rows = [{"by": facet, **each} for facet in _FACETS for each in found["facets"][facet]]
    views = [{"by": "view", "value": name, "count": count} for name, count in found["views"].items()]
    emit([*rows, *views], output, columns=("by", "value", "count"))


@catalog.command(epilog="Example: handrail catalog reindex --home .handrail")
@click.option("--home", default=None, metavar="DIR", help="The home folder; else HANDRAIL_HOME, else .handrail.")
@dry_run_option
@click.pass_obj
def reindex(state: State, home: str | None, dry_run: bool) -> None:
    """Make the search index anew from the catalog, straight on the database; Handrail may run meanwhile."""
    from handrail.platform.database import Database
    from handrail.registry.catalog import index_faults, rebuild

    state.home = home or state.home
    database = Database(state.settings().database_url)
    try:
        if dry_run:
            with database.read() as work:
                say(f"{index_faults(work)} apps or counts are not as they should be; nothing was done.")
            return
        with database.begin() as work:
            say(f"{rebuild(work)} apps are indexed")
    finally:
        database.close()


def _saved(client: Client, name: str) -> dict[str, Any]:
    if not name:
        return {}
    queries = {each["name"]: each["query"] for each in client.get("/api/v1/views")["items"]}
    if name not in queries:
        fail(f"you have no view {name!r}.", MISSING, fix="See yours with: handrail view list")
    return dict(parse_qs(queries[name], keep_blank_values=True))


@click.group()
def view() -> None:
    """Saved views: searches of yours under a name.

    Example: handrail catalog search --view 'my drifted apps'
    """


@view.command("list", epilog="Example: handrail view list -o json")
@output_option
@pass_client
def list_command(client: Client, output: str) -> None:
    """List your saved views."""
    emit(client.get("/api/v1/views"), output, empty="No view yet. Save one with: handrail view save NAME WORDS")


@view.command(epilog="Example: handrail view save 'my drifted apps' --owner me --flag drifted")
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@_filters
@dry_run_option
@output_option
@pass_client
def save(client: Client, name: str, words: tuple[str, ...], dry_run: bool, output: str, **given: Any) -> None:
    """Keep a search under NAME, in place of the one that had it."""
    query = urlencode(_query(words, given), doseq=True)
    if not query:
        fail("nothing to look for was given.", USAGE, fix=f"For example: handrail view save {name!r} --owner me")
    if dry_run:
        say(f"{name!r} would hold {query}; nothing was done.")
        return
    emit(client.put(f"/api/v1/views/{segment(name)}", {"query": query}), output)


@view.command(epilog="Example: handrail view remove 'my drifted apps'")
@click.argument("name")
@dry_run_option
@pass_client
def remove(client: Client, name: str, dry_run: bool) -> None:
    """Forget the view NAME."""
    if dry_run:
        say(f"{name!r} would be removed; nothing was done.")
        return
    client.delete(f"/api/v1/views/{segment(name)}")
    say(f"{name} is removed.")
