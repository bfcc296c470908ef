"""What two requests at once must not be able to do, on both databases."""

import threading

from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import identity
from handrail.registry.identity import Caller

PASSWORD = "a fairly long password"


def test_parallel_guesses_do_not_slip_past_the_limit(database: Database) -> None:
    outcomes: list[bool] = []

    def guess() -> None:
        with database.begin() as work:
            try:
                identity.begin_sign_in(work, "ada", "192.0.2.1")
                outcomes.append(True)
            except identity.TooManySignIns:
                outcomes.append(False)

    guesses = [threading.Thread(target=guess) for _ in range(25)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert (outcomes.count(True), outcomes.count(False)) == (10, 15)


def test_a_link_used_by_two_at_once_makes_one_account(database: Database) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    hashed = identity.prepare_password(Secret(PASSWORD), "ada")
    made: list[str] = []

    def use(name: str) -> None:
        try:
            with database.begin() as work:
                made.append(identity.redeem(work, token, "setup", name, name, hashed).name)
        except (identity.InvitationInvalid, identity.AdminExists):
            pass

    users = [threading.Thread(target=use, args=(f"user-{number}",)) for number in range(6)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert len(made) == 1
    with database.read() as work:
        assert [person.name for person in identity.people(work)] == made


def test_two_admins_cannot_remove_each_other(database: Database, make_person) -> None:
    one, two = make_person("one", ("admin", "*")), make_person("two", ("admin", "*"))
    barrier = threading.Barrier(2)
    refused: list[str] = []

    def remove(caller: Caller, name: str) -> None:
        barrier.wait()
        try:
            with database.begin() as work:
                identity.disable_person(work, caller, name)
        except identity.LastAdmin:
            refused.append(name)

    threads = [threading.Thread(target=remove, args=pair) for pair in ((one, "two"), (two, "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with database.read() as work:
        assert identity.has_admin(work)
