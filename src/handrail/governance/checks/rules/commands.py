"""Strangers' text inside SQL, a shell command, code or an HTML mail."""

import re
from collections.abc import Iterator
from typing import Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.governance.checks.rules.scripts import sink
from handrail.language.graph import Input, Step

_SQL_SYSTEMS: Final = frozenset(
    {"postgres", "mysql", "sql-server", "microsoft-sql", "snowflake", "mariadb", "quest-db", "questdb", "timescale-db",
     "oracle", "oracle-database", "cockroach-db", "cratedb", "crate-db", "supabase", "google-big-query", "big-query",
     "sqlite", "redshift", "databricks", "clickhouse"}
)  # fmt: skip
_SQL: Final = re.compile(
    r"\b(?:select|insert\s{1,20}into|update|delete\s{1,20}from|call|exec(?:ute)?|with)\b", re.IGNORECASE
)
_MARKUP: Final = re.compile(r"<[a-z][^<>]{0,400}>", re.IGNORECASE)
_SHELL_TYPES: Final = frozenset({"executeCommand", "executeCommandTool", "ssh", "exec"})
_QUERIES: Final = frozenset({"query", "sql", "sqlquery", "rawquery", "statement"})
_BODIES: Final = frozenset({"html", "message", "body"})
_EVALUATES: Final = re.compile(
    r"\b(?:eval|exec|execSync|Function)\s{0,20}\(|\bos\.system\s{0,20}\(|\bvm\.run\w{0,40}\("
)
_SQL_WORDS: Final = r"\b(?:select|insert\s{1,20}into|update|delete\s{1,20}from)\b"
_JOINED_SQL: Final = re.compile(
    rf"""\"[^"\n]{{0,400}}{_SQL_WORDS}[^"\n]{{0,400}}\"\s{{0,20}}\+\s{{0,20}}\(?msg\."""
    rf"""|'[^'\n]{{0,400}}{_SQL_WORDS}[^'\n]{{0,400}}'\s{{0,20}}\+\s{{0,20}}\(?msg\."""
    rf"""|`[^`]{{0,400}}{_SQL_WORDS}[^`]{{0,400}}\$\{{[^}}]{{0,200}}msg\.""",
    re.IGNORECASE,
)


def find(look: Look) -> Iterator[Finding]:
    """Yield each place once, the worst first."""
    if not look.strangers:
        return
    for step in look.steps.values():
        for held in step.inputs:
            kind = sink(look, step, held, _SQL_SYSTEMS) if look.platform == "python" else _kind(step, held)
            if not kind:
                continue
            origins = sorted(look.strangers_in(step, held))
            if not origins and step.kind == "code" and look.platform != "python":
                origins = sorted(look.items_of(step.id))
            if origins:
                yield look.finding(
                    "injection",
                    f"Text from {look.label(origins[0])!r} is put into {kind} of {step.name!r}.",
                    step,
                    pointer=step.pointer + held.field,
                    severity="note" if kind == "the HTML" else None,
                    why="Whoever writes that text can change what is done, not only with which value.",
                    evidence={"from": origins[0], "into": kind},
                )
                break


def _kind(step: Step, held: Input) -> str:
    """Return what a text is for the machine that gets it; empty where it is only a value."""
    short = step.type.rsplit(".", 1)[-1]
    field = held.field.rsplit("/", 1)[-1].lower()
    if step.kind == "code" and short not in _SHELL_TYPES:
        return "the SQL" if _JOINED_SQL.search(held.text) else "evaluated code" if _EVALUATES.search(held.text) else ""
    if not held.references:
        return ""
    if short in _SHELL_TYPES:
        return "a command" if field in {"command", "append", "addpay"} else ""
    if (step.connector in _SQL_SYSTEMS or short in {"mySql", "postgres", "microsoftSql"}) and field in _QUERIES:
        return "the SQL" if _SQL.search(held.text) or held.text.lstrip("= ").startswith("{{") else ""
    is_mail = (step.operation or "").rsplit(".", 1)[-1].lower() in {"send", "reply", "sendemailv2", "sendemail"}
    return "the HTML" if is_mail and field in _BODIES and _MARKUP.search(held.text) else ""
