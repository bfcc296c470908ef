"""`handrail submit`, `review`, `approve`, `refuse`, `withdraw` and `revoke`."""

import time
from typing import Any, Final

import click

from handrail.surfaces.cli.apps import app_path, short
from handrail.surfaces.cli.client import MISSING, REFUSED, Client, fail, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.versions import environment_option

_COLUMNS: Final = ("id", "app", "environment", "number", "outcome", "submittedBy", "dueAt")
_LOOK_EVERY_S: Final = 0.25


@click.command(epilog="Example: handrail submit invoice-approver --note 'Posts to the new channel.'")
@click.argument("app")
@click.option("--version", "which", default="", metavar="VERSION", help="Which version; the newest by default.")
@click.option("--note", default="", metavar="TEXT", help="What the reviewer should know.")
@environment_option
@dry_run_option
@output_option
@pass_client
def submit(client: Client, app: str, which: str, note: str, environment: str, dry_run: bool, output: str) -> None:
    """Ask for a review of a version of APP."""
    if dry_run:
        chosen = which or _newest(client, app, environment)
        found = client.get(f"{app_path(app)}/versions/{segment(chosen)}/diff", environment=environment, against="")
        for change in found["items"]:
            say(f"  {change['text']}")
        say(f"version {found['toNumber']} of {app} would be submitted for {environment}; nothing was done.")
        return
    body = {"environment": environment, "digest": which, "note": note}
    made = client.post(f"{app_path(app)}/submit", body)
    emit(made, output)
    say(f"a reviewer decides until {made['dueAt']}: handrail review show {made['id']}")


def _newest(client: Client, app: str, environment: str) -> str:
    found = client.get(f"{app_path(app)}/versions", environment=environment)["items"]
    if not found:
        fail(f"{app} has no version for {environment}.", MISSING, fix=f"handrail version upload {app} FILE")
    return str(found[0]["number"])


@click.group()
def review() -> None:
    """Reviews: list and show.

    Example: handrail review list
    """


@review.command("list", epilog="Example: handrail review list --app invoice-approver --closed")
@click.option("--app", default="", metavar="APP", help="Only of this app.")
@click.option("--closed", is_flag=True, help="Decided ones too.")
@click.option("--decided", is_flag=True, help="Only decided ones, the newest decision first.")
@click.option("--mine", is_flag=True, help="Only those that you submitted.")
@click.option("--before", default="", metavar="ID", help="With --decided: the `next` of the page before.")
@output_option
@pass_client
def list_command(client: Client, app: str, closed: bool, decided: bool, mine: bool, before: str, output: str) -> None:
    """List the reviews that wait for a decision, the most urgent first."""
    flags = {"closed": closed, "decided": decided, "mine": mine}
    asked = {name: "true" for name, given in flags.items() if given}
    found = client.get("/api/v1/reviews", app=app, before=before or None, **asked)
    emit(found, output, columns=_COLUMNS, empty="Nothing waits for a review.")


@review.command(epilog="Examples: handrail review show invoice-approver; handrail review show 0198f... -o json")
@click.argument("which", metavar="REVIEW")
@environment_option
@output_option
@pass_client
def show(client: Client, which: str, environment: str, output: str) -> None:
    """Show the difference, the grants, the checklist and who is barred.

    REVIEW is a review's id, or an app's name for the one that is open in the environment.
    """
    review_id = which
    if len(which) != 36:
        review_id = str(_open_review(client, which, environment)["id"])
    found = client.get(f"/api/v1/reviews/{segment(review_id)}")
    emit(_summary(found) if output == "table" else found, output)


def _open_review(client: Client, app: str, environment: str) -> dict[str, Any]:
    listed = client.get("/api/v1/reviews", app=app)["items"]
    found: list[dict[str, Any]] = [each for each in listed if each["environment"] == environment]
    if not found:
        fail(f"no version of {app} is in review for {environment}.", REFUSED, fix=f"handrail submit {app}")
    return found[0]


def _summary(found: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "app", "environment", "number", "digest", "outcome", "submittedBy", "dueAt", "note", "reason")
    base = f"version {found['comparedWith']}" if found["comparedWith"] else "nothing was approved before"
    return {
        **{name: found[name] for name in names},
        "compared with": base,
        "changes": [{"effect": change["severity"], "what": change["text"]} for change in found["changes"]],
        "would be granted": [f"{grant['connection']}: {grant['operation']}" for grant in found["grants"]],
        "checks": [{"ok": check["passed"], "what": check["text"]} for check in found["checks"]],
        "may not approve it": [f"{bar['name']} ({bar['part']})" for bar in found["barred"]],
    }


@click.command(epilog="Example: handrail approve invoice-approver c1:sha256:9f86d0... --wait")
@click.argument("app")
@click.argument("digest", required=False, default="")
@click.option("--reason", default="", metavar="TEXT", help="What you say about it; kept in the audit log.")
@click.option("--wait", is_flag=True, help="Wait until every live hub enforces it.")
@click.option("--timeout", default=60, show_default=True, metavar="SECONDS", help="How long --wait waits.")
@environment_option
@dry_run_option
@output_option
@pass_client
def approve(
    client: Client,
    app: str,
    digest: str,
    reason: str,
    wait: bool,
    timeout: int,
    environment: str,
    dry_run: bool,
    output: str,
) -> None:
    """Approve exactly the version of APP that is in review.

    Give the digest that you read in the review: another one is refused. Without it, the differences are printed and
    the version in review at this moment is approved.
    """
    opened = _open_review(client, app, environment)
    if not digest or dry_run:
        for change in client.get(f"/api/v1/reviews/{opened['id']}")["changes"]:
            say(f"  {change['text']}")
    chosen = digest or opened["digest"]
    if dry_run:
        say(f"version {opened['number']} of {app} ({opened['digest']}) would be approved; nothing was done.")
        return
    made = client.post(f"{app_path(app)}/approve", {"environment": environment, "digest": chosen, "reason": reason})
    say(f"version {made['number']} of {app} ({short(made['digest'])}) is approved until {made['expiresAt']}.")
    if wait:
        made["inForce"] = _wait_for_hubs(client, app, made["id"], timeout)
    elif not made["inForce"]:
        say("It is in force when every live hub has it: handrail app show " + app)
    emit(_flat(made) if output == "table" else made, output)
    if wait and not made["inForce"]:
        fail(f"not every live hub has taken it within {timeout} s.", REFUSED, fix="See: handrail hub list")


def _flat(made: dict[str, Any]) -> dict[str, Any]:
    grants = [f"{grant['connection']}: {grant['operation']}" for grant in made["grants"]]
    names = ("environment", "number", "digest", "approver", "expiresAt", "running", "inForce")
    return {**{name: made[name] for name in names}, "grants": grants}


def _wait_for_hubs(client: Client, app: str, approval: str, timeout: int) -> bool:
    started = time.monotonic()
    while time.monotonic() - started < timeout:
        if client.get(f"{app_path(app)}/approvals/{segment(approval)}")["inForce"]:
            say(f"It is in force at every live hub after {time.monotonic() - started:.1f} s.")
            return True
        time.sleep(_LOOK_EVERY_S)
    return False


@click.command(epilog="Example: handrail refuse invoice-approver --reason 'Name the channel in the purpose.'")
@click.argument("app")
@click.argument("digest", required=False, default="")
@click.option("--reason", required=True, metavar="TEXT", help="What would have to change.")
@environment_option
@dry_run_option
@output_option
@pass_client
def refuse(client: Client, app: str, digest: str, reason: str, environment: str, dry_run: bool, output: str) -> None:
    """Refuse the version of APP that is in review."""
    opened = _open_review(client, app, environment)
    if dry_run:
        say(f"version {opened['number']} of {app} would be refused; nothing was done.")
        return
    body = {"environment": environment, "digest": digest or opened["digest"], "reason": reason}
    emit(client.post(f"{app_path(app)}/refuse", body), output)


@click.command(epilog="Example: handrail withdraw invoice-approver")
@click.argument("app")
@environment_option
@dry_run_option
@output_option
@pass_client
def withdraw(client: Client, app: str, environment: str, dry_run: bool, output: str) -> None:
    """Take the version of APP that is in review back."""
    if dry_run:
        opened = _open_review(client, app, environment)
        say(f"version {opened['number']} of {app} would leave review; nothing was done.")
        return
    emit(client.post(f"{app_path(app)}/withdraw", {"environment": environment}), output)


@click.command(epilog="Example: handrail revoke invoice-approver 2 --reason 'It posts customer names.'")
@click.argument("app")
@click.argument("which", metavar="VERSION")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the owner reads it.")
@environment_option
@dry_run_option
@output_option
@pass_client
def revoke(client: Client, app: str, which: str, reason: str, environment: str, dry_run: bool, output: str) -> None:
    """End the approval of VERSION of APP at once."""
    found = client.get(f"{app_path(app)}/versions/{segment(which)}", environment=environment)
    if dry_run:
        say(f"the approval of version {found['number']} of {app} would end; nothing was done.")
        return
    body = {"environment": environment, "digest": found["digest"], "reason": reason}
    emit(client.post(f"{app_path(app)}/revoke", body), output)
