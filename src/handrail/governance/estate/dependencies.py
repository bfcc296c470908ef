"""What the dependency files of a folder ask for: it belongs to the scripts beside them."""

from dataclasses import replace
from datetime import UTC, datetime

from handrail.governance import checks
from handrail.governance.checks import Finding, Fix, Lookup, Weaknesses
from handrail.governance.estate.model import FileIn
from handrail.kernel.clock import SECOND
from handrail.kernel.errors import HandrailError
from handrail.language.importers import Definition
from handrail.language.importers.dependencies import names_dependencies
from handrail.language.importers.python_script import PLATFORM


def lookup_at(weaknesses: Weaknesses | None, now_us: int) -> Lookup | None:
    """Return where packages are looked up at a time; None where nobody said where."""
    return Lookup(weaknesses, datetime.fromtimestamp(now_us // SECOND, UTC)) if weaknesses else None


class Shelf:
    """Findings by folder, while files are read."""

    def __init__(self, lookup: Lookup | None) -> None:
        """Take where packages are looked up; None leaves them alone."""
        self.lookup = lookup
        self.revision = lookup.revision if lookup else ""
        self._folders: dict[str, list[Finding]] = {}

    def put(self, file: FileIn) -> bool:
        """Keep what a dependency file asks for; False when it is another file."""
        if not names_dependencies(file.path):
            return False
        if self.lookup:
            folder = _folder(file.path)
            name = file.path[len(folder) :]
            try:
                found = checks.packages_of(file.content, file.path, self.lookup)
            except HandrailError as error:
                found = (checks.unreadable(error),)
            self._folders.setdefault(folder, []).extend(_elsewhere(each, name) for each in found)
        return True

    def beside(self, definition: Definition) -> tuple[Finding, ...]:
        """Return what the files beside a script ask for."""
        if definition.platform != PLATFORM:
            return ()
        return tuple(self._folders.get(_folder(definition.file), ()))


def _folder(path: str) -> str:
    return path[: max(path.rfind("/"), path.rfind("!")) + 1]


def _elsewhere(finding: Finding, name: str) -> Finding:
    """Return a finding as a script shows it: its line is one of another file, and so is its change."""
    where = f"{name}:{finding.line}" if finding.line else name
    evidence = {**finding.evidence, "file": name, "fileLine": finding.line}
    fix = Fix(f"In {name}: {finding.fix.text}") if finding.fix else None
    if finding.rule in checks.ONCE_A_RUN:
        return finding
    return replace(finding, text=f"{where}: {finding.text}", line=0, evidence=evidence, fix=fix)
