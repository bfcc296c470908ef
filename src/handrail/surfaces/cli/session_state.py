"""What the root command knows before a sub-command runs."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handrail.platform.settings import Settings, read_settings

if TYPE_CHECKING:
    from handrail.surfaces.cli.root import Factories


@dataclass(slots=True)
class State:
    """The root's options; `settings` reads the environment when first needed."""

    factories: "Factories"
    as_name: str | None
    url: str | None
    home: str | None

    def settings(self) -> Settings:
        return read_settings(os.environ, home=self.home)
