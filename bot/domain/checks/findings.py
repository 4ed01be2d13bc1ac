"""What a check says: a blocker prevents approval, a warning does not, a note only mentions it."""

from collections.abc import Iterable, Mapping

from pydantic import Field

from bot.domain.house_rules import Level
from bot.domain.records import Value


class Finding(Value):
    """One finding. `key` is a message of the catalogues, `args` fills it, `field` is the form's field it belongs to.

    note: it is neither; it comes last and is never counted as a warning.
    """

    key: str
    blocks: bool
    field: str = ""
    args: Mapping[str, object] = Field(default_factory=dict)
    note: bool = False

    @property
    def level(self) -> Level:
        """Which of the three it is."""
        return Level.BLOCKER if self.blocks else Level.NOTE if self.note else Level.WARNING


ORDER = (Level.BLOCKER, Level.WARNING, Level.NOTE)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Blockers first, then warnings, then notes; each as they were found."""
    return sorted(findings, key=lambda finding: ORDER.index(finding.level))


def blocked(findings: Iterable[Finding]) -> bool:
    """Whether anything prevents approval."""
    return any(finding.blocks for finding in findings)
