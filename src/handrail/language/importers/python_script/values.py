"""What is known of a value in a script without running it."""

from dataclasses import dataclass, replace
from typing import Final

from handrail.language.importers.addresses import HOLE

_TEXTS_MAX: Final = 6
_TEXT_MAX: Final = 2_000
_ORIGINS_MAX: Final = 64
_PATH_MAX: Final = 80

Origin = tuple[str, str]
"""(step id, path in its output)"""


@dataclass(frozen=True, slots=True)
class Value:
    """What a value may be.

    Attributes:
        dotted: Full name of the module, class, function or object made by it (`slack_sdk.WebClient`); a value that a
            step gave has the step's name with `()`; things of the script itself begin with `local:`.
        texts: The texts it may be, expressions in them as `{}`; empty when nothing is known.
        origins: The steps that it comes from.
        environment: Environment variables in it.
        parameters: Arguments of the command line in it.
        base: Texts that its maker was given (an address, a key of a sheet).
        keys: Environment variables that its maker was given, such as a client's token.
        handle: Step that takes what is written to it: an open file.
    """

    dotted: str = ""
    texts: frozenset[str] = frozenset()
    origins: frozenset[Origin] = frozenset()
    environment: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    base: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    handle: str = ""


NOTHING: Final = Value()


def joined(one: Value, other: Value) -> Value:
    """Return what a value may be that is one or the other."""
    if other in {one, NOTHING}:
        return one
    if one == NOTHING:
        return other
    return Value(
        dotted=one.dotted or other.dotted,
        texts=_few(one.texts | other.texts),
        origins=_origins(one.origins | other.origins),
        environment=one.environment | other.environment,
        parameters=one.parameters | other.parameters,
        base=_few(one.base | other.base),
        keys=one.keys | other.keys,
        handle=one.handle or other.handle,
    )


def holding(*parts: Value) -> Value:
    """Return a new value in which the parts are, such as a list or the answer of an unknown function."""
    result = NOTHING
    for each in parts:
        result = joined(
            result, replace(each, dotted="", texts=frozenset(), base=frozenset(), keys=frozenset(), handle="")
        )
    return result


def concatenated(parts: list[Value]) -> Value:
    """Return the text that parts make, one after the other; an unknown part is `{}`."""
    texts = {""}
    for each in parts:
        texts = {before + after for before in texts for after in (each.texts or {HOLE})}
        if len(texts) > _TEXTS_MAX:
            texts = {min(texts)}
    kept = frozenset(each[:_TEXT_MAX] for each in texts if each.strip("{}"))
    return replace(holding(*parts), texts=kept)


def below(value: Value, path: str) -> Value:
    """Return a part of a value: an item or an attribute."""
    origins = frozenset((step, f"{old}.{path}".strip(".")[:_PATH_MAX]) for step, old in value.origins) if path else None
    return replace(value, texts=frozenset(), origins=_origins(origins) if origins is not None else value.origins)


def _few(texts: frozenset[str]) -> frozenset[str]:
    return texts if len(texts) <= _TEXTS_MAX else frozenset(sorted(texts)[:_TEXTS_MAX])


def _origins(origins: frozenset[Origin]) -> frozenset[Origin]:
    if len(origins) <= _ORIGINS_MAX:
        return origins
    whole = frozenset((step, "") for step, _ in origins)
    return whole if len(whole) <= _ORIGINS_MAX else frozenset(sorted(whole)[:_ORIGINS_MAX])


def called(value: Value, name: str) -> Value:
    """Return what a method was called on, when its callee was read as an attribute of that name."""
    end = f".{name}"
    origins = frozenset(
        (step, "" if path == name else path.removesuffix(end) if path.endswith(end) else path)
        for step, path in value.origins
    )
    return replace(value, origins=origins)
