"""How large the boxes of a drawing are, and how far apart (pixels)."""

from typing import Final

Places = dict[str, tuple[int, int]]

WIDTH: Final = 150
HEIGHT: Final = 58
COLUMN: Final = 210
ROW: Final = 110
GAP: Final = 24
"""The least room between two boxes that we put there."""
