"""One definition as rules see it: its graph, the file's own words behind each step, and what strangers can write."""

import ast
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.model import NO_EVIDENCE, Finding, Fix, Severity
from handrail.governance.checks.registry import rule
from handrail.language.graph import Graph, Input, Step
from handrail.language.importers.model import Definition
from handrail.language.leaks import Boundary, LeakReport

# What a stranger can send: n8n, Microsoft and Node-RED names of triggers in lower case.
_OPEN_TRIGGERS: Final = re.compile(
    r"(?:^|[.])(?:webhook|formtrigger|chattrigger|mcptrigger|ssetrigger|telegramtrigger|whatsapptrigger|gmailtrigger"
    r"|emailreadimap|microsoftoutlooktrigger|slacktrigger|discordtrigger|typeformtrigger|jotformtrigger|twiliotrigger"
    r"|facebooktrigger|googleformstrigger)$"
    r"|^request$|^http in$|^(?:telegram receiver|telegram command|telegram event|e-mail in|mqtt in|tcp in|udp in"
    r"|websocket in)$"
)
_OPEN_SYSTEMS: Final = frozenset(
    {"gmail", "office365-outlook", "outlook", "imap", "telegram", "whatsapp", "discord", "webhook", "form", "chat",
     "typeform", "microsoft-forms", "twilio", "slack"}
)  # fmt: skip
# More entrances than anybody would draw say no more than these.
_STRANGERS_MAX: Final = 50
_SHORT_MAX: Final = 64
_PASSES_ON: Final = frozenset({"logic", "code"})


@dataclass
class Look:
    """A definition while it is checked. What is dear is found once, and only if a rule asks."""

    definition: Definition
    boundary: Boundary
    leaks: LeakReport
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def graph(self) -> Graph:
        return self.definition.graph

    @property
    def platform(self) -> str:
        return self.definition.platform

    @property
    def is_microsoft(self) -> bool:
        return self.platform in {"power-automate", "logic-apps"}

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Return the steps that do something, by id."""
        return {step.id: step for step in self.graph.working()}

    @cached_property
    def before(self) -> Mapping[str, list[str]]:
        """Return what leads to each step by a wire that carries data; a sub-node's wire isn't one."""
        found: dict[str, list[str]] = defaultdict(list)
        for edge in self.graph.edges:
            if not edge.kind.startswith("ai_") and edge.kind not in {"error", "status", "complete"}:
                found[edge.target].append(edge.source)
        return found

    @cached_property
    def parts(self) -> Mapping[str, list[tuple[str, str]]]:
        """Return the sub-nodes of each step: (kind of the wire, id)."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for edge in self.graph.edges:
            if edge.kind.startswith("ai_"):
                found[edge.target].append((edge.kind, edge.source))
        return found

    @cached_property
    def wired(self) -> frozenset[str]:
        """Return every step that a wire of any kind touches."""
        return frozenset(each for edge in self.graph.edges for each in (edge.source, edge.target))

    @cached_property
    def strangers(self) -> frozenset[str]:
        """Return the triggers by which somebody outside can send text."""
        return frozenset(step.id for step in self.steps.values() if step.kind == "trigger" and _is_open(step))

    @cached_property
    def mentions(self) -> Counter[str]:
        """Return how often each short text stands in the document."""
        return Counter(text for _, text in texts(self.definition.document) if len(text) <= _SHORT_MAX)

    @cached_property
    def tree(self) -> ast.Module | None:
        """Return the syntax tree of a script, secrets replaced; None for everything else."""
        if self.platform != "python":
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.definition.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def raw(self, step: Step) -> dict[str, Any]:
        """Return the step as the file writes it; empty where it cannot be found."""
        held = resolve(self.definition.document, step.pointer, None) if step.pointer else None
        return held if isinstance(held, dict) else {}

    def parameters(self, step: Step) -> dict[str, Any]:
        """Return what the platform calls the step's parameters or inputs."""
        raw = self.raw(step)
        held = raw.get("parameters") if self.platform == "n8n" else raw.get("inputs") if self.is_microsoft else raw
        return held if isinstance(held, dict) else {}

    def holds(self, pointer: str) -> bool:
        """Tell whether the document has this place."""
        return resolve(self.definition.document, pointer, _NOWHERE) is not _NOWHERE

    @cached_property
    def _any(self) -> dict[str, Step]:
        return {step.id: step for step in reversed(self.graph.steps)}

    @cached_property
    def _names(self) -> dict[str, Step]:
        return {step.name: step for step in reversed(self.graph.steps)} | self._any

    @cached_property
    def by_pointer(self) -> dict[str, Step]:
        """Return steps by the place of their definition, comments too."""
        return {step.pointer: step for step in self.graph.steps if step.pointer}

    def any_step(self, step_id: str) -> Step | None:
        """Return the step with this id, also if it is a comment."""
        return self._any.get(step_id)

    def named(self, name: str) -> Step | None:
        """Return the step with this id, else with this name."""
        return self._names.get(name)

    @cached_property
    def _items(self) -> dict[str, frozenset[str]]:
        """Return for each step the open triggers whose own output can come in: behind logic, not behind a call."""
        after: dict[str, list[str]] = defaultdict(list)
        for target, sources in self.before.items():
            for source in sources:
                after[source].append(target)
        found: dict[str, set[str]] = defaultdict(set)
        for trigger in sorted(self.strangers)[:_STRANGERS_MAX]:
            waiting = [trigger]
            while waiting:
                for each in after.get(waiting.pop(), ()):
                    if trigger in found[each]:
                        continue
                    found[each].add(trigger)
                    step = self.steps.get(each)
                    if step is not None and step.kind in _PASSES_ON and step.connector is None:
                        waiting.append(each)
        return {step: frozenset(triggers) for step, triggers in found.items()}

    def items_of(self, step_id: str) -> frozenset[str]:
        """Return the open triggers whose own output can be what comes in at a step."""
        return self._items.get(step_id, frozenset())

    def strangers_in(self, step: Step, held: Input, within: str | None = None) -> frozenset[str]:
        """Return the open triggers that an input takes text from.

        Args:
            step: Whose input it is.
            held: The input.
            within: Only the references that this part of its text makes.
        """
        found: set[str] = set()
        for reference in held.references:
            last = re.split(r"[.\[\]]", reference.field.rstrip("]"))[-1]
            if within is not None and last and last not in within:
                continue
            if reference.kind == "item":
                found |= self.items_of(step.id)
            elif reference.kind == "step":
                found |= {reference.name} if reference.name in self.strangers else self._relayed(reference.name)
        return frozenset(found & self.strangers)

    def _relayed(self, step_id: str) -> frozenset[str]:
        source = self.steps.get(step_id)
        relays = source is not None and source.kind in _PASSES_ON and source.connector is None
        return self.items_of(step_id) if relays else frozenset()

    def label(self, step_id: str) -> str:
        """Return a step's name as the builder sees it."""
        step = self.any_step(step_id)
        return step.name if step else step_id

    def finding(
        self,
        rule_id: str,
        text: str,
        step: Step | None = None,
        *,
        pointer: str = "",
        severity: Severity | None = None,
        why: str = "",
        evidence: Mapping[str, Any] = NO_EVIDENCE,
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding that points at something that exists: the nearest place above `pointer` that does."""
        known = rule(rule_id)
        place = pointer or (step.pointer if step else "") or self.definition.pointer
        if self.definition.document is None:
            place = ""
        while place and not self.holds(place):
            place = place.rpartition("/")[0]
        return Finding(
            rule=rule_id,
            severity=severity or known.severity,
            text=text,
            step=step.id if step else "",
            pointer=place,
            line=step.line if step else 0,
            why=why,
            evidence=evidence,
            refs=known.refs,
            fix=fix or Fix(known.help),
        )


_NOWHERE: Final = object()


def _is_open(step: Step) -> bool:
    if step.connector == "chat":
        return step.operation == "public"
    return bool(_OPEN_TRIGGERS.search(step.type.lower())) or (step.connector or "") in _OPEN_SYSTEMS


def texts(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON value with its pointer."""
    waiting = [(pointer, value)]
    while waiting:
        at, held = waiting.pop()
        if isinstance(held, str):
            yield at, held
        elif isinstance(held, dict):
            waiting.extend((f"{at}/{_segment(key)}", each) for key, each in reversed(held.items()))
        elif isinstance(held, list):
            waiting.extend((f"{at}/{index}", each) for index, each in reversed(list(enumerate(held))))


def _segment(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
