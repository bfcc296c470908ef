"""The chain over the audit log: sealed over committed rows, by one sealer."""

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from handrail.kernel.clock import MINUTE, SECOND
from handrail.platform.database import Row, Work
from handrail.registry.audit import store
from handrail.registry.audit.model import Fault, Verdict
from handrail.registry.audit.ports import Checker, Signer

_BATCH: Final = 1000
_GENESIS: Final = "sha256:" + "0" * 64
# Sealing takes a second; a row that waits this long was hidden from the sealer, or none runs.
LATE: Final = 30 * SECOND
_CHECKPOINT_ROWS: Final = 256
_CHECKPOINT_AGE: Final = MINUTE


def _link(prev_hash: str, body: str) -> str:
    return "sha256:" + hashlib.sha256(prev_hash.encode() + b"\n" + body.encode()).hexdigest()


def seal(work: Work, signer: Signer | None = None) -> int:
    """Chain the committed rows that are not chained yet; return how many.

    There is no cursor: a row that commits late, behind younger ones, is simply sealed in a later batch.

    Args:
        work: A unit of work of its own.
        signer: Signs a checkpoint each 256 rows or minute, when given.
    """
    work.lock("audit.seal")
    head = work.one(store.HEAD)
    seq, hashed = (head["seq"], head["hash"]) if head else (0, _GENESIS)
    rows = []
    for row in work.all(store.UNSEALED, count=_BATCH):
        seq += 1
        link = _link(hashed, row["body"])
        rows.append({"id": row["id"], "seq": seq, "prev_hash": hashed, "hash": link})
        hashed = link
    work.run_many(store.SEAL, rows)
    if signer is not None and seq:
        _checkpoint(work, signer, seq, hashed)
    return len(rows)


def _checkpoint(work: Work, signer: Signer, seq: int, hashed: str) -> None:
    last = work.one(store.LAST_CHECKPOINT)
    if last is not None:
        grown = seq - last["seq"]
        if not grown or (grown < _CHECKPOINT_ROWS and work.now - last["at"] < _CHECKPOINT_AGE):
            return
    signature = signer.sign(checkpoint_message(seq, hashed))
    work.run(store.CHECKPOINT, seq=seq, at=work.now, hash=hashed, signer=signer.name, signature=signature)


def checkpoint_message(seq: int, hashed: str) -> bytes:
    """Return the bytes that a checkpoint signs."""
    return f"handrail audit\n{seq}\n{hashed}\n".encode()


def _chain(work: Work) -> Iterator[Row]:
    after = -(2**62)
    while rows := work.all(store.CHAIN, after=after, count=_BATCH):
        yield from rows
        after = rows[-1]["seq"]


def _fault_of(row: Row, expected: int, prev_hash: str) -> Fault | None:
    seq, event = row["seq"], row["id"]
    if seq != expected:
        return Fault("deleted", expected, "", f"Row {expected} is missing: the next one there is row {seq} ({event}).")
    if row["hash"] != _link(row["prev_hash"], row["body"]) or not _columns_agree(row):
        return Fault("edited", seq, event, f"Row {seq} ({event}) is not what was written.")
    if row["prev_hash"] != prev_hash:
        return Fault(
            "reordered", seq, event, f"Row {seq} ({event}) does not follow the row before it: rows were moved."
        )
    return None


def _columns_agree(row: Row) -> bool:
    try:
        body = json.loads(row["body"])
        written = (
            body["id"],
            body["at"],
            body["actor"]["kind"],
            body["actor"]["id"],
            body["actor"]["name"],
            body["action"],
            body["subject"],
        )
    except (ValueError, KeyError, TypeError):
        return False
    columns = ("id", "at", "actor_kind", "actor_id", "actor_name", "action", "subject")
    return written == tuple(row[name] for name in columns)


def verify(work: Work, *, expected: tuple[int, str] | None = None, checker: Checker | None = None) -> Verdict:
    """Check the whole chain, every checkpoint, and that nothing waits for too long.

    Args:
        work: A read-only unit of work.
        expected: A row's place and hash that were noted elsewhere; proves that the end was not rewritten.
        checker: Checks the signatures of checkpoints; without it only their hashes are compared.
    """
    checkpoints = {row["seq"]: row for row in work.all(store.CHECKPOINTS)}
    waiting = int(work.scalar(store.WAITING))
    seq, hashed, held = 0, _GENESIS, 0
    for row in _chain(work):
        fault = _fault_of(row, seq + 1, hashed)
        if fault is None and seq + 1 in checkpoints:
            fault = _checkpoint_fault(checkpoints.pop(seq + 1), row, checker)
            held += fault is None
        if fault is None and expected is not None and expected[0] == seq + 1 and expected[1] != row["hash"]:
            fault = Fault("edited", seq + 1, row["id"], f"Row {seq + 1} does not have the expected hash.")
        if fault is not None:
            return Verdict(seq, waiting, hashed, held, fault)
        seq, hashed = row["seq"], row["hash"]
    return Verdict(seq, waiting, hashed, held, _end_fault(work, seq, list(checkpoints), expected))


def verify_tail(work: Work, rows: int = 1000) -> Verdict:
    """Check the last rows of the chain and that nothing waits for too long; takes milliseconds at any length.

    `Verdict.rows` is the number of rows that were checked.
    """
    found = work.all(store.TAIL, count=rows)[::-1]
    waiting = int(work.scalar(store.WAITING))
    checkpoint = work.one(store.LAST_CHECKPOINT)
    if not found:
        beyond = [checkpoint["seq"]] if checkpoint else []
        return Verdict(0, waiting, _GENESIS, 0, _end_fault(work, 0, beyond, None))
    seq, hashed = found[0]["seq"] - 1, found[0]["prev_hash"]
    for row in found:
        fault = _fault_of(row, seq + 1, hashed)
        if fault is not None:
            return Verdict(seq - found[0]["seq"] + 1, waiting, hashed, 0, fault)
        seq, hashed = row["seq"], row["hash"]
    beyond = [checkpoint["seq"]] if checkpoint else []
    return Verdict(len(found), waiting, hashed, 0, _end_fault(work, seq, beyond, None))


def _checkpoint_fault(checkpoint: Row, row: Row, checker: Checker | None) -> Fault | None:
    seq = row["seq"]
    if checkpoint["hash"] != row["hash"]:
        return Fault("edited", seq, row["id"], f"Row {seq} is not the one that checkpoint {seq} signed.")
    message = checkpoint_message(seq, checkpoint["hash"])
    if checker is not None and not checker(checkpoint["signer"], message, checkpoint["signature"]):
        return Fault("forged", seq, row["id"], f"The signature of checkpoint {seq} is wrong.")
    return None


def _end_fault(work: Work, seq: int, beyond: list[int], expected: tuple[int, str] | None) -> Fault | None:
    if expected is not None:
        beyond.append(expected[0])
    lost = max((place for place in beyond if place > seq), default=0)
    if lost:
        return Fault("truncated", seq + 1, "", f"The log ends at row {seq}, but row {lost} was sealed once.")
    late = work.one(store.LATE, before=work.now - LATE)
    if late is None:
        return None
    waited = (work.now - late["at"]) // SECOND
    return Fault(
        "unsealed",
        None,
        late["id"],
        f"Row {late['id']} waits for its seal since {waited} s: is a worker running, and was it put back by hand?",
    )
