"""What builder instances hold is part of the inventory: sources feed it with what changed."""

from collections.abc import Collection, Sequence

from handrail.governance.checks import Weaknesses
from handrail.governance.estate.dependencies import lookup_at
from handrail.governance.estate.model import FileIn
from handrail.governance.estate.reading import read_files
from handrail.governance.estate.service import finish, origin_of_team, take_in
from handrail.language.leaks import Boundary
from handrail.platform.database import Database
from handrail.registry.audit import Actor
from handrail.runtime.sources import File, Source

_AT_ONCE = 100


class InstanceInventory:
    """Takes what a source found into the inventory, under the instance's name."""

    def __init__(self, database: Database, boundary: Boundary, weaknesses: Weaknesses | None = None) -> None:
        """Take what definitions are checked with."""
        self._database = database
        self._boundary = boundary
        self._weaknesses = weaknesses
        self._paths: dict[str, frozenset[str]] = {}

    def __call__(self, source: Source, files: Sequence[File], paths: Collection[str] | None) -> None:
        """Take in new and changed files; after a complete look note which are gone, where anything changed."""
        instance = source.instance
        actor = Actor("system", instance.id, f"source {instance.name}")
        for start in range(0, len(files), _AT_ONCE):
            some = [FileIn(file.path, file.data or b"") for file in files[start : start + _AT_ONCE]]
            # Reading takes its time; no transaction waits for it.
            reads = read_files(some, self._boundary, lookup_at(self._weaknesses, self._database.clock()))
            with self._database.begin() as work:
                origin = origin_of_team(
                    work, actor, instance.name, instance.team_id, kind="instance", instance_id=instance.id
                )
                take_in(work, actor, origin, reads)
        there = None if paths is None else frozenset(paths)
        if there is None or self._paths.get(instance.id) == there:
            return
        with self._database.begin() as work:
            origin = origin_of_team(
                work, actor, instance.name, instance.team_id, kind="instance", instance_id=instance.id
            )
            if origin.kind == "instance":
                finish(work, actor, origin, paths=there)
        self._paths[instance.id] = there
