"""How reading a repository may fail; `str(error)` may be shown, it never repeats what the other side said."""


class GitFailed(Exception):
    """Nothing answered, or not in time, or git could not do it."""


class GitRefused(GitFailed):
    """The address or the name of a branch is none that may be given to git."""


class GitTooLarge(GitFailed):
    """The other side sent more than is permitted."""


class GitUnauthorised(GitFailed):
    """It wants another credential, or one at all."""
