"""A large made-up catalog, written straight into the catalog's tables and then indexed as a repair does it."""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from handrail.kernel.ids import new_id
from handrail.platform.database import Database, Work
from handrail.registry import catalog, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import Binding, Role

TEAMS = 60
VERBS = [
    "approve",
    "remind",
    "collect",
    "sync",
    "export",
    "import",
    "check",
    "merge",
    "route",
    "archive",
    "price",
    "report",
]
THINGS = [
    *(
        "invoice",
        "order",
        "contract",
        "ticket",
        "lead",
        "payslip",
        "shipment",
        "budget",
        "holiday",
        "expense",
        "review",
    ),
    *(
        "supplier",
        "badge",
        "laptop",
        "survey",
        "audit",
        "refund",
        "catalogue",
        "meeting",
        "timesheet",
        "claim",
        "offer",
    ),
]
SYSTEMS = [
    "slack",
    "salesforce",
    "google-sheets",
    "sap",
    "jira",
    "outlook",
    "stripe",
    "postgres",
    "sharepoint",
    "zendesk",
]
PLATFORMS = ["n8n", "node-red", "power-automate", "logic-apps", "script", "open-workflow"]
LEVELS = ["public", "internal", "confidential", "restricted"]
FILLER = [
    a + b
    for a in ("ba", "co", "du", "fi", "ga", "lo", "mi", "ne", "pa", "ru")
    for b in ("ler", "mon", "tic", "vane", "sod")
]
FIRST = ["ada", "grace", "mara", "tom", "ines", "omar", "li", "noa", "paul", "rosa", "sven", "yuki"]
LAST = ["berg", "costa", "diaz", "evans", "fischer", "gomez", "haas", "ivanov", "jensen", "klein", "lopez", "moreau"]

_INSERTS = {
    "app": """INSERT INTO app (id, name, title, team_id, owner_id, deputy_id, purpose, stage, platform, assurance,
        created_at, created_by, held) VALUES (:id, :name, :title, :team_id, :owner_id, :deputy_id, :purpose, :stage,
        :platform, :assurance, :created_at, 'bench', :held)""",
    "app_name": "INSERT INTO app_name (name, app_id, reserved_at) VALUES (:name, :app_id, 0)",
    "app_version": """INSERT INTO app_version (id, app_id, environment_id, number, digest, status, platform, closure,
        graph, manifest, source_digest, author, uploaded_by, created_at, allowed) VALUES (:id, :app_id,
        :environment_id, :number, :digest, :status, :platform, '{}', :graph, :manifest, 'sha256:none', '', 'bench',
        :created_at, :allowed)""",
    "running": """INSERT INTO running (app_id, environment_id, digest, source, since, seen_at, set_by)
        VALUES (:app_id, :environment_id, :digest, :source, :at, :at, 'bench')""",
}


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What was made: headers of somebody who sees everything, and of somebody who sees three teams."""

    steward: dict[str, str]
    builder: dict[str, str]


def _people(work: Work, count: int) -> list[str]:
    made = []
    for number in range(count):
        first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
        made.append(identity.add_person(work, SYSTEM, f"{first}-{last}-{number}", f"{first.title()} {last.title()}").id)
    work.connection.execute(
        text("UPDATE person SET status = 'disabled' WHERE id = :id"), [{"id": each} for each in made[::40]]
    )
    return made


def _rows(
    apps: int, teams: list[str], people: list[str], environment: str
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    dice = random.Random(7)
    for number in range(apps):
        verb, thing, system = dice.choice(VERBS), dice.choice(THINGS), dice.choice(SYSTEMS)
        words = " ".join(dice.choices(FILLER, k=6))
        # Some teams own far more than others.
        team = teams[min(int(dice.expovariate(0.06)), len(teams) - 1)]
        stage = dice.choices(["idea", "prototype", "operating", "retired"], [10, 25, 60, 5])[0]
        owner, deputy = dice.sample(people, 2)
        app_id, platform = new_id(), "" if stage == "idea" else dice.choice(PLATFORMS)
        name = f"{verb}-{thing}s-{number}"
        rows: dict[str, list[dict[str, Any]]] = {
            "app": [
                {
                    "id": app_id,
                    "name": name,
                    "title": f"{verb.title()} {thing}s in {system}",
                    "team_id": team,
                    "owner_id": owner,
                    "deputy_id": deputy if dice.random() < 0.97 else None,
                    "purpose": f"Lets the team {verb} every {thing} before {words}; case {number % 977}.",
                    "stage": stage,
                    "platform": platform,
                    "assurance": "declared",
                    "created_at": 1_700_000_000_000_000 + number,
                    "held": int(dice.random() < 0.002),
                }
            ],
            "app_name": [{"name": name, "app_id": app_id}],
        }
        if stage != "idea":
            runs = dice.choices(["observed", "declared", "executed", "drifted", ""], [50, 25, 10, 4, 11])[0]
            status = "approved" if stage == "operating" else dice.choices(["draft", "in review"], [9, 1])[0]
            digest = f"c1:sha256:{number:064x}"
            steps = [
                {"id": f"s{at}", "name": f"{dice.choice(VERBS)} {dice.choice(FILLER)}", "kind": "action", "type": "x"}
                for at in range(5)
            ]
            steps.append({"id": "s9", "name": f"Send to {system}", "kind": "action", "type": "y", "connector": system})
            rows["app_version"] = [
                {
                    "id": new_id(),
                    "app_id": app_id,
                    "environment_id": environment,
                    "number": 1,
                    "digest": digest,
                    "status": status,
                    "platform": platform,
                    "graph": json.dumps({"platform": platform, "name": name, "steps": steps}),
                    "manifest": json.dumps(
                        {"spec": {"dataClasses": [dice.choice(LEVELS), *dice.sample(["pii", "pci"], 1)]}}
                    ),
                    "created_at": 1_700_000_000_000_000 + number,
                    "allowed": int(runs != "drifted"),
                }
            ]
            if stage == "operating" and runs:
                source = "observed" if runs == "drifted" else runs
                rows["running"] = [
                    {
                        "app_id": app_id,
                        "environment_id": environment,
                        "digest": digest,
                        "source": source,
                        "at": 1_700_000_000_000_000 + number,
                    }
                ]
        yield rows


def make_up(database: Database, apps: int) -> MadeUp:
    """Fill an empty, migrated database."""
    with database.begin() as work:
        teams = [identity.add_team(work, SYSTEM, f"team-{number:02}", f"Team {number}").id for number in range(TEAMS)]
        people = _people(work, min(2000, max(40, apps // 40)))
        environment = work.scalar(text("SELECT id FROM environment WHERE kind = 'production'"))
        work.connection.execute(
            text("INSERT INTO blob (digest, content, size_bytes, created_at) VALUES ('sha256:none', '{}', 2, 0)")
        )
        rows = _rows(apps, teams, people, environment)
        while chunk := list(itertools.islice(rows, 2000)):
            for table, sql in _INSERTS.items():
                work.run_many(text(sql), [row for each in chunk for row in each.get(table, [])])
        steward = identity.add_person(work, SYSTEM, "stella", "Stella Steward")
        builder = identity.add_person(work, SYSTEM, "ben", "Ben Builder")
        identity.grant_role(work, SYSTEM, steward, Binding(Role.STEWARD, "*"))
        for team in teams[1:4]:
            identity.grant_role(work, SYSTEM, builder, Binding(Role.BUILDER, team))
        headers = []
        for person in (steward, builder):
            _, secret = identity.new_token(work, identity.caller_of(work, person.id), "bench", days=1)
            headers.append({"authorization": f"Bearer {secret.reveal()}"})
    with database.begin() as work:
        catalog.rebuild(work)
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return MadeUp(*headers)
