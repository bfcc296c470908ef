"""The index is what a rebuild would make of it, whatever happened, and whoever came at the same time."""

import random
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.rigs.governed import World, build_world

from handrail.governance import lifecycle
from handrail.kernel.clock import DAY
from handrail.kernel.errors import HandrailError
from handrail.platform.database import Database, migrate
from handrail.registry import access, catalog
from handrail.registry.catalog import Asked, Assurance
from handrail.registry.identity import disable_person, enable_person

INDEX = text("""
    SELECT i.app_id, i.name, i.team_id, i.owner_id, i.attention, i.in_review, i.created_at,
        s.stage, s.runs, s.platform, s.data_class, s.flags, n.team_id AS cell_team, n.shape - i.shape AS cell_shape,
        c.version_id, c.data_tags, c.connectors, c.words
    FROM app_index AS i
    JOIN app_shape AS s ON s.id = i.shape
    JOIN app_content AS c ON c.app_id = i.app_id
    JOIN app_cell AS d ON d.doc = i.doc
    JOIN app_count AS n ON n.id = d.cell
    ORDER BY i.app_id
""")
COUNTS = text("""
    SELECT c.team_id, s.stage, s.runs, s.platform, s.data_class, s.flags, c.n
    FROM app_count AS c JOIN app_shape AS s ON s.id = c.shape
    WHERE c.n <> 0 ORDER BY 1, 2, 3, 4, 5, 6
""")
# The same on both databases: which apps a word finds.
WORDS = ("good", "standup", "grace", "ada", "evening", "morning", "renamed", "logistics", "slack")


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.ada = make_person("ada", ("builder", next(iter(made.zoe.bindings)).team))
    made.connect()
    return made


def state(world: World) -> dict[str, Any]:
    with world.database.read() as work:
        assert catalog.index_faults(work) == 0
        return {
            "index": [tuple(row.values()) for row in work.all(INDEX)],
            "counts": [tuple(row.values()) for row in work.all(COUNTS)],
            "found": {
                word: sorted(
                    item.id for item in catalog.search(work, world.sam, Asked(q=word, retired=True, limit=200)).items
                )
                for word in WORDS
            },
        }


def acts(world: World, dice: random.Random, admin: Any) -> list[Any]:
    """Return what may happen to an app, each as a function of a unit of work and the app's name."""

    def upload(work: Any, app: str) -> None:
        world_upload = dice.choice(["Good morning", "Good evening", "Good night"])
        from tests.rigs.governed import artefact

        catalog.upload(work, world.ada, app, dice.choice(["production", "sandbox"]), artefact(world_upload))

    def observe(work: Any, app: str) -> None:
        from tests.rigs.governed import SOURCE, artefact

        from handrail.registry.connectors import find_environment

        found = catalog.find_app(work, world.sam, app)
        catalog.set_assurance(work, SOURCE, found, Assurance.OBSERVED)
        catalog.observe(work, SOURCE, found, find_environment(work, "production"), artefact(dice.choice("abc")))

    def decide(work: Any, app: str) -> None:
        review = lifecycle.reviews(work, world.rita, app=app)[0]
        lifecycle.approve(work, world.rita, app, review.environment_name, review.digest)

    def run(work: Any, app: str) -> None:
        catalog.set_running(work, world.ada, app, "production", dice.choice("123"))

    def revoke(work: Any, app: str) -> None:
        lifecycle.revoke(work, world.rita, app, "production", dice.choice("123"), "enough")

    def person(work: Any, _app: str) -> None:
        change = dice.choice([disable_person, enable_person])
        catalog.touch_person(work, change(work, admin, "grace").id)

    def edit(work: Any, app: str) -> None:
        given = dice.choice(
            [
                {"title": dice.choice(["Standup", "Round"])},
                {"team": dice.choice(["logistics", "finance-ops"])},
                {"new_name": f"renamed-{dice.randrange(10_000)}"},
                {"owner": "grace", "deputy": "ada"},
                {"owner": "ada", "deputy": "grace"},
                {"purpose": "Greets slowly."},
            ]
        )
        catalog.edit(work, world.ada, app, **given)

    def grow(work: Any, _app: str) -> None:
        name = f"standup-{dice.randrange(10_000)}"
        catalog.register(
            work, world.ada, name, team="finance-ops", deputy=dice.choice(["", "grace"]), purpose="Greets."
        )

    return [
        *[upload, grow, edit] * 3,
        observe,
        *[lambda work, app: lifecycle.submit(work, world.ada, app, dice.choice(["production", "sandbox"])), decide] * 4,
        lambda work, app: lifecycle.withdraw(work, world.ada, app, "production"),
        lambda work, app: lifecycle.refuse(work, world.rita, app, "production", "no"),
        run,
        revoke,
        person,
        lambda work, app: access.quarantine(work, world.sam, app, "odd"),
        lambda work, app: access.lift_quarantine(work, world.sam, app),
        lambda work, app: catalog.retire(work, world.ada, app) if dice.random() < 0.2 else None,
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_index_is_what_a_rebuild_makes_of_it(world: World, admin, seed: int) -> None:
    dice = random.Random(seed)
    world.register()
    choices = acts(world, dice, admin)
    done = 0
    real = world.database.clock
    for turn in range(160):
        act = dice.choice(choices)
        world.database.clock = lambda turn=turn: real() + turn * 4 * DAY
        try:
            with world.database.begin() as work:
                apps = [item.name for item in catalog.search(work, world.sam, Asked(retired=True, limit=200)).items]
                act(work, dice.choice(apps))
                if dice.random() < 0.1:
                    lifecycle.tend(work)
            done += 1
        except (HandrailError, IndexError):
            # Refused, and rolled back with whatever it had changed.
            pass
    assert done > 40
    with world.database.begin() as work:
        lifecycle.tend(work)
    kept = state(world)
    assert len({row[8] for row in kept["index"]}) > 1, "nothing ran"
    with world.database.begin() as work:
        assert catalog.rebuild(work) == len(kept["index"])
    assert state(world) == kept


def test_what_is_rolled_back_is_not_indexed(world: World) -> None:
    world.register()
    before = state(world)
    with pytest.raises(RuntimeError), world.database.begin() as work:
        catalog.edit(work, world.ada, "standup", title="Round", team="logistics")
        work.finish()
        raise RuntimeError
    assert state(world) == before


def test_two_at_once_lose_no_count(world: World) -> None:
    for number in range(6):
        world.register(f"app-{number}")
    errors: list[BaseException] = []
    meet = threading.Barrier(4)

    def change(worker: int) -> None:
        dice = random.Random(worker)
        try:
            meet.wait(10)
            for turn in range(12):
                with world.database.begin() as work:
                    # Several apps in one transaction, in an order of its own.
                    for number in dice.sample(range(6), 2):
                        app = catalog.find_app(work, world.sam, f"app-{number}")
                        stage = dice.choice([catalog.Stage.IDEA, catalog.Stage.PROTOTYPE, catalog.Stage.OPERATING])
                        if number % 4 == worker:
                            catalog.set_stage(work, world.sam.actor, app, stage)
                            catalog.edit(work, world.ada, app.name, team=dice.choice(["logistics", "finance-ops"]))
                        else:
                            catalog.set_assurance(work, world.sam.actor, app, Assurance.DECLARED)
                    catalog.register(work, world.ada, f"new-{worker}-{turn}", team="finance-ops")
        except BaseException as error:  # noqa: BLE001 - the test tells
            errors.append(error)

    threads = [threading.Thread(target=change, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    kept = state(world)
    with world.database.begin() as work:
        assert catalog.rebuild(work) == 6 + 48
    assert state(world) == kept


def test_an_older_database_is_indexed_at_the_next_start(world: World) -> None:
    world.register()
    world.approved()
    world.register("held")
    with world.database.begin() as work:
        access.quarantine(work, world.sam, "held", "odd")
    with world.database.begin() as work:
        for table in ("app_index", "app_cell", "app_content", "app_count", "app_shape", "app_words"):
            work.run(text(f"DELETE FROM {table}"))  # noqa: S608 - the names above
    with world.database.begin() as work:
        assert catalog.index_faults(work) == 2
        assert catalog.ensure_index(work) == 2
        assert catalog.ensure_index(work) == 0
    state(world)


def test_the_migration_brings_what_access_knew(tmp_path: Path, make_person, team, sqlite_database: Database) -> None:
    # The approval and the hold of a world on this schema, put into one on the schema before.
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    migrate.upgrade(old, "0006")
    rows = """
        INSERT INTO team VALUES ('t', 'ops', 'Ops', 0);
        INSERT INTO person VALUES ('p', 'ada', 'Ada', 'active', 0);
        INSERT INTO blob VALUES ('s', '{}', 2, 0);
        INSERT INTO app VALUES ('a', 'one', 'One', 't', 'p', NULL, '', 'operating', 'n8n', 'declared', 0, 'p');
        INSERT INTO app VALUES ('b', 'two', 'Two', 't', 'p', NULL, '', 'operating', 'n8n', 'declared', 0, 'p');
        INSERT INTO app_version SELECT 'v' || a.id, a.id, e.id, 1, 'd', 'approved', 'n8n', '{}',
            '{"platform": "n8n", "name": "x"}', '{"spec": {"dataClasses": ["internal"]}}', 's', '', 'p', 0
            FROM app AS a, environment AS e WHERE e.kind = 'production';
        INSERT INTO running SELECT app_id, environment_id, 'd', 'declared', 0, 0, 'ada' FROM app_version;
        INSERT INTO approval (id, app_id, environment_id, digest, policy_revision, approver, valid_from, expires_at,
            hub_revision, ended_at)
            SELECT 'x' || app_id, app_id, environment_id, 'd', 'manual@1', 'p', 0, 9000000000000000, 1,
                CASE WHEN app_id = 'b' THEN 1 END FROM app_version;
        INSERT INTO quarantine (id, app_id, reason, placed_by, placed_at) VALUES ('q', 'b', 'odd', 'p', 0);
    """
    with old.begin() as work:
        for statement in rows.split(";\n"):
            if statement.strip():
                work.run(text(statement))
    migrate.upgrade(old)
    with old.begin() as work:
        assert catalog.ensure_index(work) == 2
    steward = make_person("stella", ("steward", "*"))
    with old.read() as work:
        found = catalog.search(work, steward, Asked())
    old.close()
    assert [(item.name, item.runs, item.quarantined) for item in found.items] == [
        ("two", "drifted", True),
        ("one", "declared", False),
    ]
