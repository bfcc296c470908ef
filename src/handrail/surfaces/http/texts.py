"""Texts that requests may hold: of bounded length, without characters that no database keeps."""

from typing import Annotated

from pydantic import StringConstraints

Line = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line, such as a name."""

Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
"""A few sentences, such as a reason."""
