"""The audit log, on both databases."""

import threading
import time

import pytest
from sqlalchemy import text

from handrail.platform.database import Database
from handrail.registry import audit
from handrail.registry.audit import SYSTEM, Actor

ADA = Actor("person", "p-ada", "ada")


def written(database: Database, count: int) -> list[str]:
    for number in range(count):
        with database.begin() as work:
            audit.record(work, ADA, "thing.changed", f"thing:{number}", {"number": number})
    with database.begin() as work:
        audit.seal(work)
        return [event.id for event in reversed(audit.listing(work))]


def verdict(database: Database, **options) -> audit.Verdict:
    with database.read() as work:
        return audit.verify(work, **options)


def tamper(database: Database, sql: str, **parameters) -> None:
    with database.begin() as work:
        assert work.run(text(sql), **parameters) == 1


def test_an_untouched_log_holds(database: Database) -> None:
    written(database, 5)
    found = verdict(database)
    assert (found.rows, found.waiting, found.fault) == (5, 0, None)


def test_an_empty_log_holds(database: Database) -> None:
    assert verdict(database).fault is None


def test_a_row_that_rolled_back_is_not_there(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as work:
        audit.record(work, ADA, "thing.changed", "thing:1")
        raise RuntimeError
    written(database, 1)
    assert verdict(database).rows == 1


@pytest.mark.parametrize("column", ["body", "subject", "actor_id", "action", "actor_name"])
def test_an_edited_row_is_named(database: Database, column: str) -> None:
    ids = written(database, 5)
    sql = "UPDATE audit_event SET col = col || ' ' WHERE id = :id".replace("col", column)
    tamper(database, sql, id=ids[2])
    fault = verdict(database).fault
    assert fault is not None
    assert (fault.kind, fault.seq, fault.event_id) == ("edited", 3, ids[2])


def test_a_row_edited_with_a_new_hash_breaks_the_next_one(database: Database) -> None:
    import hashlib

    ids = written(database, 3)
    with database.begin() as work:
        row = work.one(text("SELECT * FROM audit_event WHERE seq = 2"))
        body = row["body"].replace('"thing:1"', '"thing:9"')
        hashed = "sha256:" + hashlib.sha256(f"{row['prev_hash']}\n{body}".encode()).hexdigest()
        work.run(
            text("UPDATE audit_event SET body = :b, subject = 'thing:9', hash = :h WHERE seq = 2"), b=body, h=hashed
        )
    fault = verdict(database).fault
    assert fault is not None
    assert (fault.kind, fault.event_id) == ("reordered", ids[2])


def test_a_deleted_row_is_named(database: Database) -> None:
    ids = written(database, 5)
    tamper(database, "DELETE FROM audit_event WHERE id = :id", id=ids[1])
    fault = verdict(database).fault
    assert fault is not None
    assert (fault.kind, fault.seq) == ("deleted", 2)


def test_swapped_rows_are_named(database: Database) -> None:
    ids = written(database, 4)
    for id_, seq in ((ids[1], 99), (ids[2], 2), (ids[1], 3)):
        tamper(database, "UPDATE audit_event SET seq = :seq WHERE id = :id", id=id_, seq=seq)
    fault = verdict(database).fault
    assert fault is not None
    assert (fault.kind, fault.seq, fault.event_id) == ("reordered", 2, ids[2])


def test_a_row_that_waits_for_too_long_is_named(database: Database) -> None:
    written(database, 1)
    with database.begin() as work:
        work.now -= 60_000_000
        audit.record(work, ADA, "thing.changed", "thing:late")
    found = verdict(database)
    assert found.waiting == 1
    assert found.fault is not None
    assert found.fault.kind == "unsealed"


def test_a_log_cut_at_its_end_is_noticed_with_a_head_noted_elsewhere(database: Database) -> None:
    ids = written(database, 3)
    noted = verdict(database)
    tamper(database, "DELETE FROM audit_event WHERE id = :id", id=ids[2])
    assert verdict(database).fault is None
    fault = verdict(database, expected=(noted.rows, noted.head)).fault
    assert fault is not None
    assert fault.kind == "truncated"


def test_a_row_that_commits_behind_younger_ones_is_sealed_too(database: Database) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer: rows commit in order")
    with database.begin() as slow:
        audit.record(slow, ADA, "thing.changed", "thing:slow")
        written(database, 2)
    with database.begin() as work:
        assert audit.seal(work) == 1
    assert verdict(database).rows == 3
    assert verdict(database).fault is None


def test_two_sealers_make_one_chain_within_a_second(database: Database) -> None:
    stop = threading.Event()
    sealers = [threading.Thread(target=audit.seal_forever, args=(database, stop)) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    try:
        for number in range(30):
            with database.begin() as work:
                audit.record(work, ADA, "thing.changed", f"thing:{number}")
        deadline = time.monotonic() + 10
        while verdict(database).rows < 30:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
        for sealer in sealers:
            sealer.join()
    assert verdict(database).fault is None


class Ed25519Signer:
    name = "test-key"

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.key = Ed25519PrivateKey.generate()

    def sign(self, message: bytes) -> str:
        return self.key.sign(message).hex()

    def check(self, signer: str, message: bytes, signature: str) -> bool:
        from cryptography.exceptions import InvalidSignature

        try:
            self.key.public_key().verify(bytes.fromhex(signature), message)
        except InvalidSignature:
            return False
        return signer == self.name


def test_a_checkpoint_outlives_the_end_of_the_log(database: Database) -> None:
    signer = Ed25519Signer()
    ids = written(database, 3)
    with database.begin() as work:
        audit.seal(work, signer)
    assert verdict(database, checker=signer.check).checkpoints == 1
    tamper(database, "DELETE FROM audit_event WHERE id = :id", id=ids[2])
    fault = verdict(database, checker=signer.check).fault
    assert fault is not None
    assert fault.kind == "truncated"


def test_a_forged_checkpoint_is_named(database: Database) -> None:
    signer = Ed25519Signer()
    written(database, 3)
    with database.begin() as work:
        audit.seal(work, signer)
    fault = verdict(database, checker=Ed25519Signer().check).fault
    assert fault is not None
    assert fault.kind == "forged"


def test_the_listing_filters_and_pages(database: Database) -> None:
    with database.begin() as work:
        for number in range(5):
            audit.record(work, ADA, "thing.changed", f"thing:{number}", {"n": number})
        audit.record(work, SYSTEM, "thing.removed", "thing:1")
        audit.record(work, SYSTEM, "other.made", "other:1")
        now = work.now
    with database.read() as work:
        assert len(audit.listing(work)) == 7
        assert [event.action for event in audit.listing(work, subject="thing:1")] == ["thing.removed", "thing.changed"]
        assert len(audit.listing(work, actor="ada")) == 5
        assert len(audit.listing(work, actor="p-ada")) == 5
        assert len(audit.listing(work, action="thing")) == 6
        assert len(audit.listing(work, action="thing.changed")) == 5
        assert audit.listing(work, after=now + 1) == []
        first = audit.listing(work, limit=4)
        second = audit.listing(work, limit=4, before_id=first[-1].id)
        assert len(first + second) == 7
        assert len({event.id for event in first + second}) == 7
        assert audit.listing(work, actor="ada")[0].facts == {"n": 4}


@pytest.mark.parametrize("facts", [{"price": 1.5}, {"deep": [{"price": 0.1}]}, {"key": object()}])
def test_facts_without_an_exact_form_are_refused(database: Database, facts) -> None:
    with database.begin() as work, pytest.raises(audit.AuditFactInvalid):
        audit.record(work, ADA, "thing.changed", "thing:1", facts)


def test_a_secret_is_no_fact(database: Database) -> None:
    from handrail.kernel.secret import Secret

    with database.begin() as work, pytest.raises(audit.AuditFactInvalid):
        audit.record(work, ADA, "thing.changed", "thing:1", {"token": Secret("hush")})
