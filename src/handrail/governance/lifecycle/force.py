"""When a decision holds at every hub, and the work that waits for that."""

from handrail.platform.database import Work
from handrail.registry import access
from handrail.registry.access import Approval, HubsHave, Rotation
from handrail.registry.identity import Caller
from handrail.registry.vault import Vault
from handrail.runtime.hub import hub_acknowledged, live_hubs


def in_force(work: Work, approval: Approval) -> bool:
    """Tell whether every live hub enforces an approval; False while there is no live hub."""
    return approval.live(work.now) and hub_acknowledged(work) >= approval.hub_revision


def rotate_key(work: Work, vault: Vault, caller: Caller, kind: str) -> Rotation:
    """Publish a new signing key for a kind of environment, or take the next step of a rotation.

    Raises:
        Forbidden: Without `hub:write`.
    """
    return access.rotate(work, vault, caller, kind, _hubs_have(work))


def tend(work: Work) -> list[str]:
    """Do what time or the hubs have made due: keys that wait, approvals that ran out. Returns what, in words."""
    done = access.advance_keys(work, _hubs_have(work))
    ended = access.end_expired_approvals(work)
    if ended:
        done.append(f"{ended} approvals ran out")
    lapsed = access.end_lapsed_graces(work)
    if lapsed:
        done.append(f"{lapsed} deadlines of drift passed")
    return done


def tending_due(work: Work) -> bool:
    """Tell, reading only, whether `tend` may have anything to do: it needs the database's one writer."""
    return access.approvals_lapsed(work) or access.graces_lapsed(work) or access.rotation_under_way(work)


def _hubs_have(work: Work) -> HubsHave:
    # Without a live hub nobody verifies tokens, so nobody has to learn the key first.
    nobody = not live_hubs(work)
    acknowledged = hub_acknowledged(work)

    def have(kid: str) -> bool:
        return nobody or acknowledged >= access.published_revision(work, kid)

    return have
