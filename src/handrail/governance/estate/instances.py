"""What builder instances hold is part of the inventory: sources feed it with what changed."""

from collections.abc import Collection, Mapping, Sequence

from handrail.governance.checks import Weaknesses
from handrail.governance.estate.dependencies import lookup_at
from handrail.governance.estate.errors import OriginInvalid
from handrail.governance.estate.model import FileIn, Origin
from handrail.governance.estate.reading import read_files
from handrail.governance.estate.service import finish, link_to_app, origin_of_team, take_in
from handrail.language.leaks import Boundary
from handrail.platform.database import Database, Work
from handrail.registry.audit import Actor
from handrail.runtime.sources import File, Instance, Source

_AT_ONCE = 100


class InstanceInventory:
    """Takes what a source found into the inventory, under the instance's name."""

    def __init__(self, database: Database, boundary: Boundary, weaknesses: Weaknesses | None = None) -> None:
        """Take what definitions are checked with."""
        self._database = database
        self._boundary = boundary
        self._weaknesses = weaknesses
        self._paths: dict[str, frozenset[str]] = {}

    def __call__(
        self,
        source: Source,
        files: Sequence[File],
        paths: Collection[str] | None,
        apps: Mapping[tuple[str, int], str],
    ) -> None:
        """Take in new and changed files, with the apps that they are; then note which are gone, if any may be."""
        instance = source.instance
        actor = Actor("system", instance.id, f"source {instance.name}")
        # In a repository two names may differ only in what is no text: they are one place here.
        distinct = list({file.path: file for file in files}.values())
        for start in range(0, len(distinct), _AT_ONCE):
            some = [FileIn(file.path, file.data or b"") for file in distinct[start : start + _AT_ONCE]]
            # Reading takes its time; no transaction waits for it.
            reads = read_files(some, self._boundary, lookup_at(self._weaknesses, self._database.clock()))
            with self._database.begin() as work:
                taken = take_in(work, actor, _origin(work, actor, instance), reads)
                for each in taken:
                    for index, kept in enumerate(each.definitions):
                        app_id = apps.get((each.path, index))
                        if app_id:
                            link_to_app(work, actor, kept.id, app_id)
        there = None if paths is None else frozenset(paths)
        if there is None or self._paths.get(instance.id) == there:
            return
        with self._database.begin() as work:
            finish(work, actor, _origin(work, actor, instance), paths=there)
        self._paths[instance.id] = there


def _origin(work: Work, actor: Actor, instance: Instance) -> Origin:
    """Return the origin of an instance; under a longer name where somebody adopted other files under its own."""
    for name in (instance.name, f"{instance.name} ({instance.platform})", f"{instance.name} ({instance.id})"):
        origin = origin_of_team(work, actor, name, instance.team_id, kind="instance", instance_id=instance.id)
        if origin.kind == "instance":
            return origin
    raise OriginInvalid(f"{instance.name!r} and every name like it are taken.", place="origin")
