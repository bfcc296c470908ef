"""The command line: translates words to API calls and answers to tables."""

from handrail.surfaces.cli.root import Factories, root

__all__ = ["Factories", "root"]
