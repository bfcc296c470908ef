"""The root command; sub-commands load when they are used, which keeps the start fast."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import click

from handrail import __version__

# command -> (module under surfaces.cli, attribute, one line for --help)
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "adopt": ("apps", "adopt", "Register what somebody built in another tool."),
    "agent": ("processes", "agent", ""),
    "app": ("apps", "app", "Apps: list, show, register, edit, retire, history."),
    "approve": ("reviews", "approve", "Approve one version, exactly."),
    "audit": ("audit", "audit", "The audit log: list, export and verify."),
    "backup": ("backup", "backup", "Write everything but the vault's key into one file."),
    "calls": ("calls", "calls", "Calls, errors and p95 of an app, by operation or over time."),
    "catalog": ("catalog", "catalog", "The catalog: search it, count it, repair its index."),
    "check": (
        "checking",
        "check",
        "Say what is wrong with flows, and how to fix it; ends with 1 when something blocks.",
    ),
    "client": ("clients", "client", "What an app signs in with."),
    "connect": ("connect", "connect", "A local address that always holds a fresh token."),
    "connection": ("connections", "connection", "Connections: list, show, calls, apply, remove."),
    "connector": ("connectors", "connector", "Connectors: list, show, apply."),
    "credential": ("credentials", "credential", "Credentials that hubs inject: list and set."),
    "demo": ("processes", "demo", ""),
    "doctor": ("doctor", "doctor", "Find out what is wrong with this install."),
    "estate": ("estate", "estate", "What people built: the estate, its leaks, its duplicates."),
    "environment": ("connections", "environment", "Environments."),
    "fix": ("fixing", "fix", "Make the changes that a program can make."),
    "hub": ("hubs", "hub", "Hubs: run, list, show, tail, enrol, remove."),
    "init": ("init", "init", "Make the home folder and a set-up link."),
    "join": ("session", "join", "Use a set-up link or an invitation."),
    "key": ("clients", "key", "The keys that sign tokens: list and rotate."),
    "login": ("session", "login", "Sign in."),
    "logout": ("session", "logout", "Sign out."),
    "manifest": ("manifests", "manifest", "Check manifests without a server."),
    "migrate": ("init", "migrate", "Bring the database to this version's schema."),
    "needs": ("needs", "needs", "What needs you."),
    "people": ("people", "people", "People: list, invite, disable, grant, revoke."),
    "profile": ("profile", "profile", "Your display name and time zone."),
    "quarantine": ("quarantine", "quarantine", "Hold an app: every call is refused."),
    "refuse": ("reviews", "refuse", "Refuse a version, with a reason."),
    "restore": ("backup", "restore", "Bring a backup back."),
    "review": ("reviews", "review", "Reviews: list and show."),
    "revoke": ("reviews", "revoke", "End an approval."),
    "rollback": ("versions", "rollback", "Make an older, still approved version the running one."),
    "rollup": ("processes", "rollup", ""),
    "rules": ("rules", "rules", "What is looked for: list and show."),
    "running": ("versions", "running", "What runs, and how sure we are."),
    "scan": ("scanning", "scan", "Say what flows there are and what they do."),
    "serve": ("processes", "serve", "Run the API, the portal and the token service."),
    "session": ("profile", "session", "Browsers you are signed in with: list and end."),
    "setup": ("profile", "setup", "What a new install still lacks."),
    "source": ("sources", "source", "Sources that watch what really runs."),
    "submit": ("reviews", "submit", "Ask for a review of a version."),
    "team": ("people", "team", "Teams."),
    "token": ("session", "token", "API tokens."),
    "traffic": ("processes", "traffic", ""),
    "unquarantine": ("quarantine", "unquarantine", "Lift a quarantine."),
    "up": ("processes", "up", "Run everything on this machine."),
    "vault": ("backup", "vault", "The vault's key."),
    "version": ("versions", "version", "Versions: list, show, upload, diff, layout."),
    "view": ("catalog", "view", "Saved views: list, save, remove."),
    "vulnerabilities": (
        "vulnerabilities",
        "vulnerabilities",
        "Known weaknesses of Python packages: import them, show them.",
    ),
    "whoami": ("session", "whoami", "Who is signed in."),
    "withdraw": ("reviews", "withdraw", "Take a version out of review."),
    "worker": ("processes", "worker", "Run the background work."),
}


@dataclass(slots=True)
class Factories:
    """What only `main` can build, for the commands that run processes.

    Attributes:
        run: Process name (`serve`, `worker`, `up`, ...) to the function that runs it.
    """

    run: dict[str, Callable[..., Any]] = field(default_factory=dict)


class LazyGroup(click.Group):
    """Loads a sub-command's module only when it is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"handrail.surfaces.cli.{module}"), attribute)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in sorted(COMMANDS) if COMMANDS[name][2]])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else " See handrail --help."
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example: handrail up --home .handrail",
)
@click.option("--as", "as_name", metavar="NAME", help="Act as this signed-in person (several may be signed in).")
@click.option("--url", metavar="URL", help="Where Handrail's API is; else HANDRAIL_URL, else the default address.")
@click.option("--home", metavar="DIR", help="The home folder; else HANDRAIL_HOME, else .handrail.")
@click.version_option(__version__, message="%(version)s")
@click.pass_context
def root(ctx: click.Context, as_name: str | None, url: str | None, home: str | None) -> None:
    """Handrail governs micro-apps: what was approved is what may run."""
    from handrail.surfaces.cli.session_state import State

    factories = ctx.obj if isinstance(ctx.obj, Factories) else Factories()
    ctx.obj = State(factories=factories, as_name=as_name, url=url, home=home)
