"""`handrail app` and `handrail adopt`: the inventory."""

import sys
from pathlib import Path
from typing import Any, Final

import click

from handrail.surfaces.cli.client import USAGE, Client, fail, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, if_match_option, output_option, say

_COLUMNS: Final = ("name", "stage", "team", "owner", "deputy", "platform", "assurance")
_LARGEST: Final = 15 * 1024 * 1024


def app_path(name: str) -> str:
    """Return the API's path of an app."""
    return f"/api/v1/apps/{segment(name)}"


def read_export(file: str) -> dict[str, Any]:
    """Return an exported file as the API takes it; ends the process when it cannot be read."""
    path = Path(file)
    try:
        if path.stat().st_size > _LARGEST:
            fail(f"{file} is larger than {_LARGEST} bytes.", USAGE, fix="Export one flow at a time.")
        return {"filename": path.name, "content": path.read_text(encoding="utf-8-sig")}
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read ({type(error).__name__}).", USAGE)


def read_manifest(file: str) -> dict[str, Any]:
    """Return a manifest as the API takes it; ends the process when it cannot be read."""
    try:
        return {"manifest": Path(file).read_text(encoding="utf-8"), "manifestFile": Path(file).name}
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read ({type(error).__name__}).", USAGE)


def age(seconds: int) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def short(digest: str) -> str:
    """Return the beginning of a digest, as people compare it."""
    return digest.removeprefix("c1:sha256:")[:12]


@click.group()
def app() -> None:
    """Apps: list, show, register, edit, retire.

    Example: handrail app show invoice-approver
    """


@app.command("list", epilog="Example: handrail app list --stage operating -o json")
@click.option("--team", default="", metavar="TEAM", help="Only apps of this team.")
@click.option(
    "--stage",
    default="",
    type=click.Choice(["", "idea", "prototype", "operating", "retired"]),
    metavar="STAGE",
    help="Only apps at this stage: idea, prototype, operating or retired.",
)
@click.option("--retired", is_flag=True, help="Retired apps too.")
@output_option
@pass_client
def list_command(client: Client, team: str, stage: str, retired: bool, output: str) -> None:
    """List the apps that you may see."""
    found = client.get("/api/v1/apps", team=team, stage=stage, retired="true" if retired else None)
    emit(found, output, columns=_COLUMNS, empty="No app yet. Register one with: handrail adopt FILE")


@app.command(epilog="Example: handrail app show invoice-approver -o json | jq .running")
@click.argument("name")
@output_option
@pass_client
def show(client: Client, name: str, output: str) -> None:
    """Show who answers for an app, its versions, what runs and how sure that is, and what is approved."""
    found = client.get(app_path(name))
    found["calls"] = client.get(f"/api/v1/apps/{segment(name)}/calls", since="24h", by="operation")
    emit(_summary(found) if output == "table" else found, output)


def _summary(found: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "title", "purpose", "stage", "team", "owner", "deputy", "platform", "assurance")
    hold = found["quarantine"]
    return {
        **{name: found[name] for name in names},
        "quarantine": f"{hold['reason']} ({hold['by']}, {hold['at']})" if hold else "no",
        "running": [
            {
                "environment": each["environment"],
                "version": each["number"],
                "digest": short(each["digest"]),
                "known by": f"{each['source']} by {each['setBy']}",
                "seen": f"{age(each['ageS'])} ago",
            }
            for each in found["running"]
        ]
        or "nothing that anybody knows of",
        "versions": [
            {
                "environment": each["environment"],
                "version": each["number"],
                "digest": short(each["digest"]),
                "status": each["status"],
                "author": each["author"],
            }
            for each in found["versions"]
        ],
        "approvals": [
            {
                "environment": each["environment"],
                "version": each["number"],
                "by": each["approver"],
                "until": each["expiresAt"],
                "in force": _force(each),
            }
            for each in found["approvals"]
        ],
        "in review": [
            {"environment": each["environment"], "version": each["number"], "due": each["dueAt"]}
            for each in found["reviews"]
        ],
        "calls in the last 24 h": [
            {
                "operation": f"{each['connection']}: {each['operation'] or '(refused)'}",
                "calls": each["calls"],
                "errors": each["errors"],
                "refused": each["refused"],
                "p95 ms": each["p95Ms"],
            }
            for each in found["calls"]["items"]
        ]
        or "none",
    }


def _force(approval: dict[str, Any]) -> str:
    if approval["revokedAt"]:
        return "ended"
    if not approval["live"]:
        return "run out"
    return "yes" if approval["inForce"] else "waits for the hubs"


@app.command(
    epilog="Example: handrail app register invoice-approver --team finance-ops --purpose 'Asks before we pay.'"
)
@click.argument("name")
@click.option("--team", required=True, metavar="TEAM", help="The team that it belongs to.")
@click.option("--title", default="", metavar="TEXT", help="What people call it.")
@click.option("--owner", default="", metavar="PERSON", help="Who answers for it; you by default.")
@click.option("--deputy", default="", metavar="PERSON", help="Who answers when the owner is away.")
@click.option("--purpose", default="", metavar="TEXT", help="What it is for.")
@dry_run_option
@output_option
@pass_client
def register(
    client: Client,
    name: str,
    team: str,
    title: str,
    owner: str,
    deputy: str,
    purpose: str,
    dry_run: bool,
    output: str,
) -> None:
    """Register an app, for example an idea that nobody has built yet."""
    body = {"name": name, "team": team, "title": title, "owner": owner, "deputy": deputy, "purpose": purpose}
    if dry_run:
        say(f"{name} would be registered in {team}; nothing was done.")
        return
    emit(client.post("/api/v1/apps", body), output)


@app.command(epilog="Example: handrail app edit invoice-approver --deputy grace")
@click.argument("name")
@click.option("--new-name", metavar="NAME", help="Rename it; the old name stays reserved.")
@click.option("--title", metavar="TEXT", help="What people call it.")
@click.option("--team", metavar="TEAM", help="Move it to another team.")
@click.option("--owner", metavar="PERSON", help="Who answers for it.")
@click.option("--deputy", metavar="PERSON", help="Who answers when the owner is away.")
@click.option("--purpose", metavar="TEXT", help="What it is for.")
@if_match_option
@dry_run_option
@output_option
@pass_client
def edit(client: Client, name: str, dry_run: bool, output: str, if_match: str | None, **given: str | None) -> None:
    """Change what was registered."""
    words = {"new_name": "newName"}
    body = {words.get(key, key): value for key, value in given.items() if value is not None}
    if not body:
        fail("nothing to change was given.", USAGE, fix=f"For example: handrail app edit {name} --deputy NAME")
    if dry_run:
        now = client.get(app_path(name))
        for key, value in body.items():
            say(f"{key}: {now.get(key, now['name'])!r} would become {value!r}; nothing was done.")
        return
    emit(client.patch(app_path(name), body, etag=if_match), output)


@app.command(epilog="Example: handrail app retire invoice-approver --reason 'Replaced by the new system.'")
@click.argument("name")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit log.")
@if_match_option
@dry_run_option
@output_option
@pass_client
def retire(client: Client, name: str, reason: str, if_match: str | None, dry_run: bool, output: str) -> None:
    """Retire an app for good: its calls end, its name stays reserved. See first: handrail app impact."""
    if dry_run:
        found = client.get(app_path(name))
        say(f"{name} ({found['stage']}) would be retired for good; nothing was done.")
        return
    emit(client.post(f"{app_path(name)}/retire", {"reason": reason}, etag=if_match), output)


@app.command(epilog="Example: handrail app history invoice-approver --limit 20 -o jsonl")
@click.argument("name")
@click.option("--before", metavar="ID", help="The next page: only events before this one.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most this many.")
@output_option
@pass_client
def history(client: Client, name: str, before: str | None, limit: int, output: str) -> None:
    """List what was done to an app and its versions, newest first."""
    found = client.get(f"{app_path(name)}/history", before=before, limit=limit)
    emit(found, output, columns=["at", "actor", "action", "facts"])
    if found["next"] and output in {"table", "csv"}:
        say(f"There are more: --before {found['next']}")


@app.command(epilog="Example: handrail app impact invoice-approver")
@click.argument("name")
@output_option
@pass_client
def impact(client: Client, name: str, output: str) -> None:
    """Show what stops when an app is held or retired: connections, clients and calls of the last 24 hours."""
    found = client.get(f"{app_path(name)}/impact")
    if output == "table":
        unknown = found["calls24h"] is None
        found = {
            "calls in the last 24 h": "nobody knows" if unknown else found["calls24h"],
            "last call": found["lastCallAt"],
            "known up to": found["asOf"],
            "clients": found["clients"],
            "connections": found["connections"] or "none",
        }
    emit(found, output)


@click.command(
    epilog="Examples: handrail adopt flows.json; handrail adopt exports/ --team finance-ops; "
    "handrail adopt flows.json --team finance-ops --owner ada --deputy grace --purpose 'Asks before we pay.' --dry-run"
)
@click.argument("file", metavar="FILE|DIR")
@click.option("--origin", default="", metavar="NAME", help="Of a folder: what to call it; its own name by default.")
@click.option("--name", default="", metavar="NAME", help="Its readable id; made from the flow's name by default.")
@click.option("--team", default="", metavar="TEAM", help="The team that it belongs to; yours by default.")
@click.option("--owner", default="", metavar="PERSON", help="Who answers for it.")
@click.option("--deputy", default="", metavar="PERSON", help="Who answers when the owner is away.")
@click.option("--purpose", default="", metavar="TEXT", help="What it is for, in a sentence.")
@click.option("--environment", default="production", show_default=True, metavar="NAME", help="Where it is to run.")
@click.option("--part", metavar="ID", help="Which flow of a file that holds several.")
@click.option("--author", default="", metavar="PERSON", help="Who built it, if not you.")
@dry_run_option
@output_option
@pass_client
def adopt(
    client: Client,
    file: str,
    origin: str,
    name: str,
    team: str,
    owner: str,
    deputy: str,
    purpose: str,
    environment: str,
    part: str | None,
    author: str,
    dry_run: bool,
    output: str,
) -> None:
    """Register what somebody built in another tool, from its exported FILE.

    Name, steps, connections, operations and hosts come from the file; at most three facts are asked for. With
    --dry-run the manifest is printed and nothing is stored.

    Of a folder (or a zip of one) every flow is read into the inventory of the estate, which registers nothing. Only
    what is new or changed is sent, so that the same command again is quick, and one that was interrupted goes on. A
    file that cannot be read is listed at the end and stops nothing; the exit code is 1 only if no file could be read.
    """
    import yaml

    if Path(file).is_dir() or file.lower().endswith(".zip"):
        of_one = {"name": name, "owner": owner, "deputy": deputy, "purpose": purpose, "part": part, "author": author}
        useless = ", ".join(f"--{option}" for option, value in of_one.items() if value)
        if useless:
            fail(f"{useless} would be of one app; {file} holds many.", USAGE, fix="Leave it out.")
        from handrail.surfaces.cli.adopting import adopt_folder

        adopt_folder(client, Path(file), origin=origin, team=team or _own_team(client), dry_run=dry_run, output=output)
        return

    export = {**read_export(file), "environment": environment, "part": part}
    draft = client.post("/api/v1/drafts", export)
    manifest = draft["manifest"]
    manifest["metadata"]["name"] = name or draft["name"]
    spec = manifest["spec"]
    spec["team"] = team or _own_team(client)
    _tell(draft)
    given = {"owner": owner, "deputy": deputy, "purpose": purpose}
    _ask(draft, given, dry_run=dry_run)
    spec.update({key: value for key, value in given.items() if value})
    text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    if dry_run:
        click.echo(text, nl=False)
        say("Nothing was stored.")
        return
    made = client.post("/api/v1/adoptions", {**export, "manifest": text, "author": author})
    emit({**made["app"], "version": made["version"]["number"], "digest": made["version"]["digest"]}, output)
    for finding in made["version"]["findings"]:
        say(f"note: {finding['text']}")
    say(f"next: handrail submit {made['app']['name']} --environment {environment}")


def _tell(draft: dict[str, Any]) -> None:
    say(f"{draft['title']} ({draft['platform']}): {draft['summary']}")
    for title in ("steps", "calls", "egress", "credentials", "suggestions"):
        for line in draft[title]:
            say(f"  {title}: {line}")


def _ask(draft: dict[str, Any], given: dict[str, str], *, dry_run: bool) -> None:
    missing = [key for key in given if not given[key]]
    if not missing:
        return
    if dry_run:
        say(f"still unknown: {', '.join(missing)}")
    elif sys.stdin.isatty():
        for key in missing:
            given[key] = click.prompt(draft["questions"].get(key, key), err=True).strip()
    else:
        options = " ".join(f"--{key} ..." for key in missing)
        fail(f"the file does not tell {', '.join(missing)}.", USAGE, fix=f"Add {options}")


def _own_team(client: Client) -> str:
    roles = client.get("/api/v1/me")["roles"]
    teams = sorted({held["team"] for held in roles if held["role"] == "builder" and held["team"] != "*"})
    if len(teams) != 1:
        choice = f"You build for {', '.join(teams)}." if teams else "You build for no team of your own."
        fail(f"which team is it for? {choice}", USAGE, fix="Add --team TEAM")
    return str(teams[0])
