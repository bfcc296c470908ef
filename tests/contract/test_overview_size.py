"""Home asks the database the same number of questions for a thousand apps as for ten, on both databases."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import text
from tests.rigs.governed import World, build_world

from handrail.governance import overview
from handrail.kernel.clock import DAY, HOUR
from handrail.kernel.ids import new_id
from handrail.platform.database import Database

EVENTS = 20


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    made.approved()
    return made


def copies(world: World, count: int, start: int) -> None:
    """Make more apps like the first one: a third drifted, a third in review, a third refused; each with a history."""
    with world.database.begin() as work:
        first = dict(work.one(text("SELECT * FROM app WHERE name = 'standup'")) or {})
        version = dict(work.one(text("SELECT * FROM app_version")) or {})
        approval = dict(work.one(text("SELECT * FROM approval")) or {})
        rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("app", "app_version", "approval", "running", "review", "audit_event")
        }
        for number in range(start, start + count):
            app = {**first, "id": new_id(), "name": f"app-{number}"}
            made = {**version, "id": new_id(), "app_id": app["id"], "digest": f"c1:sha256:{number:064x}"}
            place = {"app_id": app["id"], "environment_id": made["environment_id"], "digest": made["digest"]}
            rows["app"].append(app)
            rows["app_version"].append(made)
            rows["running"].append(
                {**place, "source": "observed", "since": work.now, "seen_at": work.now, "set_by": "shop-floor"}
            )
            if number % 3:
                ends = work.now + (5 * DAY if number % 2 else 90 * DAY)
                rows["approval"].append({**approval, **place, "id": new_id(), "expires_at": ends})
            decided = number % 3 == 1
            rows["review"].append(
                {
                    **place,
                    "id": new_id(),
                    "version_id": made["id"],
                    "submitted_by": world.grace.person_id,
                    "submitted_at": work.now,
                    "owner_id": app["owner_id"],
                    "note": "",
                    "due_at": work.now + 48 * HOUR,
                    "outcome": "refused" if decided else "open",
                    "decided_by": world.rita.person_id if decided else None,
                    "decided_at": work.now if decided else None,
                    "reason": "no" if decided else "",
                }
            )
            for _ in range(EVENTS):
                event = new_id()
                body = json.dumps({"facts": {"digest": made["digest"], "environment": "production"}, "id": event})
                rows["audit_event"].append(
                    {
                        "id": event,
                        "at": work.now,
                        "actor_kind": "person",
                        "actor_id": world.ada.person_id,
                        "actor_name": "ada",
                        "action": "version.submitted",
                        "subject": f"app:{app['id']}",
                        "body": body,
                    }
                )
        for table, made_rows in rows.items():
            if made_rows:
                columns = list(made_rows[0])
                values = ", ".join(f":{column}" for column in columns)
                # Tables and columns are of this file and of the schema.
                work.run_many(text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"), made_rows)  # noqa: S608 - see above


def test_a_thousand_apps_take_no_more_questions_than_ten(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []
    sa.event.listen(world.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    figures: dict[str, list[int]] = {}
    for count, start in ((10, 0), (990, 10)):
        copies(world, count, start)
        if world.database.dialect == "postgresql":
            with world.database.engine.connect() as connection:
                connection.execute(text("ANALYZE"))
                connection.commit()
        for name in ("ada", "rita", "sam", "zoe"):
            asked.clear()
            with world.database.read() as work:
                found = overview.home(work, getattr(world, name))
            figures.setdefault(name, []).append(len(asked))
    assert len(found.needs) == 0
    for name, (few, many) in figures.items():
        assert many <= few, f"{name}: {few} questions for ten apps, {many} for a thousand"
        assert many < 30, (name, many)
    took: dict[str, float] = {}
    for name in figures:
        rounds = []
        for _ in range(5):
            begun = time.perf_counter()
            with world.database.read() as work:
                overview.home(work, getattr(world, name))
            rounds.append(time.perf_counter() - begun)
        took[name] = min(rounds)
    with capsys.disabled():
        print({name: f"{seconds * 1000:.0f} ms" for name, seconds in took.items()}, end=" ")
    # Generous, because other tests run at the same time; what it really takes is printed.
    assert max(took.values()) < 1
