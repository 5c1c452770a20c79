"""The inbound of a case whose sheet is corrected: how it numbers what is owed, and what its core credits."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from inbound.domain.credit import Match, Released, creditable
from inbound.domain.release import to_release
from shared.sheet_rules import TERMINATION_NO, next_obligation_no

NOW = datetime(2026, 3, 2, tzinfo=UTC)
END = int(TERMINATION_NO)


@dataclass(frozen=True)
class Version:
    """A version over ``amount`` fen, which the inbound syncs, or returns; or the outbound recalls it first."""

    amount: int
    is_synced: bool = True
    is_recalled: bool = False


@dataclass(frozen=True)
class Payable:
    """What a ledger hears of a version; over nothing under the number of the end, that the case has ended."""

    obligation_no: int
    amount: int


@dataclass
class Numbers:
    """How one side numbers the obligations of the versions that it sees."""

    present_no: int = 0
    present_amount: int | None = None

    def take(self, version: Version) -> Payable:
        self.present_no = next_obligation_no(self.present_no, self.present_amount, version.amount)
        self.present_amount = version.amount
        return Payable(self.present_no, version.amount)


@dataclass
class Inbound:
    """The inbound's case and core: what is matched, credited, taken off again."""

    numbers: Numbers = field(default_factory=Numbers)
    present: Version | None = None
    is_settled: bool = False
    was_synced: bool = False
    is_over: bool = False
    matches: list[Match] = field(default_factory=list)
    releases: list[Released] = field(default_factory=list)
    reversing: list[Released] = field(default_factory=list)
    balance: int = 0

    def receive(self, version: Version) -> Payable:
        self.present, self.is_settled = version, False
        return self.numbers.take(version)

    def decide(self) -> list[Released]:
        """Sync the present version, or return it; what goes back at once."""
        assert self.present is not None
        if not self.present.is_synced:
            self.present = None
            return []
        self.is_settled, self.was_synced = True, True
        return self._count()

    def recall(self) -> None:
        """The outbound has its version back, whatever was done with it here."""
        self.present, self.is_settled, self.was_synced = None, False, False

    def end(self) -> list[Released]:
        """Both sides have ended the case; what goes back at once."""
        self.present, self.is_over, self.is_settled, self.was_synced = None, True, True, False
        return self._count()

    def match(self, number: int, amount: int) -> list[Released]:
        self.matches.append(Match("C", str(number), amount, "R", NOW))
        return self._count()

    def reverse(self, released: Released) -> Released:
        self.reversing.remove(released)
        self.balance -= released.reversed_amount
        return released

    def _count(self) -> list[Released]:
        free: list[Released] = []
        owed = 0 if self.is_over else self.numbers.present_amount or 0
        number = END if self.is_over else self.numbers.present_no
        if self.is_settled:
            released = to_release(str(number), owed, self.matches, self.releases)
            if released is not None:
                self.releases.append(released)
                (self.reversing if released.reversed_amount else free).append(released)
        for match, share in creditable(self.matches, owed, self.releases, is_synced=self.was_synced):
            place = self.matches.index(match)
            self.matches[place] = replace(match, is_credit_opened=True, credited=share)
            self.balance += share
        return free
