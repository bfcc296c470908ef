"""What lines add up to."""

import pytest
from tests.rigs.calls import APP, DIGEST, line

from handrail.runtime.edge.rollup import Tally, bucket
from handrail.runtime.edge.rollup.tail import TAIL_BYTES

MINUTE = 29453760
LATER = MINUTE + 10


def tally(*lines: bytes, now_minute: int = LATER) -> Tally:
    added = Tally(now_minute)
    added.add(b"".join(lines), 0)
    return added


def test_calls_of_one_minute_and_operation_share_a_row() -> None:
    rows = tally(line(), line(us=200_000), line(t="2026-01-01T00:01:00.000Z")).rows()
    assert rows[0][:7] == [MINUTE, APP, "production", "slack", "chat.postMessage", DIGEST, "EUR"]
    assert rows[0][7:16] == [2, 0, 0, 0, 200, 4000, 3000, 300_000, 200_000]
    assert rows[0][16] == {bucket(100_000): 1, bucket(200_000): 1}
    assert [row[0] for row in rows] == [MINUTE, MINUTE + 1]


@pytest.mark.parametrize("status", [500, 503, 0])
def test_a_call_without_a_good_answer_is_an_error(status: int) -> None:
    (row,) = tally(line(status=status)).rows()
    assert row[7:11] == [1, 1, 0, 0]


def test_what_the_hub_refused_counts_by_its_code_and_costs_nothing() -> None:
    (row,) = tally(line(status=403, code="grant_missing"), line(status=403, code="grant_missing")).rows()
    assert row[1:7] == [APP, "production", "slack", "", DIGEST, ""]
    assert row[7:11] == [2, 0, 2, 0]
    assert row[13:18] == [0, 0, 0, {}, {"grant_missing": 2}]


def test_an_upstreams_own_4xx_is_no_refusal_of_the_hub() -> None:
    (row,) = tally(line(status=404)).rows()
    assert row[7:11] == [1, 0, 0, 0]
    assert row[13] == 1500


def test_429_is_limited_whoever_said_it_but_only_the_upstreams_has_a_price() -> None:
    (row,) = tally(line(status=429), line(status=429, details="request_rate_limited")).rows()
    assert row[7:11] == [2, 0, 0, 2]
    assert row[13] == 1500


def test_a_failure_that_the_hub_answers_for_the_upstream_is_timed_but_not_charged() -> None:
    (row,) = tally(line(status=503, details="upstream_reset_before_response_started{connection_failure}")).rows()
    assert row[8] == 1
    assert row[13:16] == [0, 100_000, 100_000]


def test_a_caller_who_went_away_is_an_error_without_a_price() -> None:
    (row,) = tally(line(status=0, details="downstream_remote_disconnect")).rows()
    assert row[7:11] == [1, 1, 0, 0]
    assert row[13] == 0


def test_an_operation_without_a_price_costs_nothing() -> None:
    (row,) = tally(line(price="", cur="")).rows()
    assert (row[6], row[13]) == ("", 0)


@pytest.mark.parametrize(
    ("details", "status", "cause"),
    [
        ("via_upstream", 500, "upstream_5xx"),
        ("via_upstream", 0, "caller_gone"),
        ("downstream_remote_disconnect", 0, "caller_gone"),
        ("response_timeout", 504, "upstream_timeout"),
        ("upstream_reset_before_response_started{connection_failure}", 503, "upstream_unavailable"),
        ("failed_to_inject_credential", 503, "credential_missing"),
        ("rbac_access_denied_matched_policy[snapshot_expired]", 503, "snapshot_expired"),
        (None, 502, "upstream_unavailable"),
    ],
)
def test_every_error_has_one_cause(details: str | None, status: int, cause: str) -> None:
    added = tally(line(status=status, details=details), line(status=status, details=details), line(), line(status=404))
    assert added.causes == {(MINUTE, cause): 2}
    assert sum(row[8] for row in added.rows()) == 2


def test_the_tail_is_the_newest_calls_by_name_and_nothing_else() -> None:
    noise = {"path": "/secret?token=1", "headers": {"cookie": "secret"}}
    added = tally(
        *[line(us=us, **noise) for us in range(200)], b"broken\n", line(code="grant_missing", status=403, **noise)
    )
    tail = added.tail()
    # The broken line was one of the last fifty.
    assert len(tail) == 49
    start = 1_767_225_630_000_000
    asked = "018f0000-0000-7000-8000-00000000aaaa"
    assert tail[0] == [start, APP, "production", "slack", "chat.postMessage", 200, "", 152, asked]
    assert tail[-1] == [start, APP, "production", "slack", "", 403, "grant_missing", 100_000, asked]
    assert "secret" not in str(tail)


@pytest.mark.parametrize("request_id", ["GET /secret", None, 7, "018F0000-0000-7000-8000-00000000AAAA", "a" * 36])
def test_what_is_no_request_id_does_not_travel(request_id: object) -> None:
    assert [call[-1] for call in tally(line(id=request_id)).tail()] == [None]


def test_the_tail_goes_over_the_end_of_a_block_and_stays_small() -> None:
    added = Tally(LATER)
    one = line()
    for _ in range(1000):
        added.add(one, 0)
    assert len(added.tail()) == 50
    assert len(added._end) <= TAIL_BYTES
    added.add(one * 1000, 0)
    assert len(added.tail()) == 50
    assert len(added._end) <= TAIL_BYTES


@pytest.mark.parametrize(
    ("details", "status", "code"),
    [
        ("jwt_authn_access_denied{Jwt_is_missing}", 401, "token_missing"),
        ("jwt_authn_access_denied{Jwt_is_expired}", 401, "token_expired"),
        ("jwt_authn_access_denied{Jwt_verification_fails}", 401, "token_invalid"),
        ("rbac_access_denied_matched_policy[0198-app]", 403, "quarantined"),
        ("path_normalization_failed", 400, "request_invalid"),
        ("request_headers_too_large", 431, "request_invalid"),
    ],
)
def test_what_envoy_refuses_by_itself_has_the_code_of_its_answer(details: str, status: int, code: str) -> None:
    (row,) = tally(line(route="slack/!grant_missing", key=None, details=details, status=status, us=None)).rows()
    assert row[1:7] == ["", "", "slack", "", "", ""]
    assert row[9] == 1
    assert row[17] == {code: 1}


@pytest.mark.parametrize("route", [None, "", "/!connection_unknown"])
def test_a_call_to_no_connection_is_counted_under_empty_names(route: str | None) -> None:
    (row,) = tally(line(route=route, key=None, details="direct_response", status=403)).rows()
    assert row[1:7] == [""] * 6


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"not json\n", "json"),
        (b"\n", "json"),
        (b"[]\n", "type"),
        (b"7\n", "type"),
        (b'{"t":"2026-01-01T00:00:30.000Z"}\n', "field"),
        (b"\xff\xfe\n", "json"),
        (line()[:-40] + b"\n", "json"),
        (line(rx="12"), "type"),
        (line(rx=None), "type"),
        (line(tx=1.5), "type"),
        (line(us=-1), "number"),
        (line(price=1 << 60), "route"),
        (line(price="-1"), "route"),
        (line(price="x"), "route"),
        (line(rx=1 << 60), "number"),
        (line(status=None), "type"),
        (line(route=7), "type"),
        (line(key=["x"]), "type"),
        (line(key=7), "type"),
        (line(route="slack/op"), "route"),
        (line(route="slack/op/1/EUR/no-key"), "key"),
        (line(code="x", key="no-key"), "key"),
        (line(op="x" * 200), "name"),
        (line(op="a\x00b"), "name"),
        (line(code="x" * 200), "name"),
        (line(details=7), "type"),
        (line(details={}), "type"),
        (line(t="yesterday"), "time"),
        (line(t=17), "type"),
        (line(t="2026-13-01T00:00:30.000Z"), "time"),
        (line(t="2026-01-03T00:00:30.000Z"), "time"),
        (line(t="1960-01-01T00:00:30.000Z"), "time"),
    ],
)
def test_a_line_that_is_no_call_is_rejected_with_its_position_and_nothing_else_is_lost(
    broken: bytes, reason: str
) -> None:
    added = tally(line(), broken, line())
    assert [(reject.position, reject.reason) for reject in added.rejects] == [(len(line()), reason)]
    assert [row[7] for row in added.rows()] == [2]


def test_many_rejects_are_counted_but_only_the_first_are_kept() -> None:
    added = tally(*[b"x\n"] * 200)
    assert added.rejected == 200
    assert len(added.rejects) == 50
