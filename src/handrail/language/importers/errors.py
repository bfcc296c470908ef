"""What is wrong with a definition that somebody gave us."""

from handrail.kernel.errors import Invalid


class ArtefactInvalid(Invalid):
    """The file cannot be read as what it claims to be."""

    code = "artefact_invalid"


class ArtefactUnknown(Invalid):
    """The file can be read, but it is no flow that we know."""

    code = "artefact_unknown"


class ArtefactTooLarge(Invalid):
    """The file is above a size, depth or count limit."""

    code = "artefact_too_large"


class ArtefactPartUnknown(Invalid):
    """The file holds several flows and the one asked for isn't among them, or none was chosen."""

    code = "artefact_part_unknown"
