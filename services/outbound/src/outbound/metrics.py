"""What the outbound counts: steps of cases, and how many cases stand in which state."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping

from prometheus_client import Counter, Gauge

_STEPS = Counter("transfer_outbound_case_steps_total", "Steps written into the history of cases", ["step"])
_CASES = Gauge("transfer_outbound_cases", "Cases by agency and state", ["admdvs", "state"])
_DUE_SOON = Gauge("transfer_outbound_due_soon", "Cases with 80 % of the outbound's days gone, not yet late", ["admdvs"])
_OVERDUE = Gauge("transfer_outbound_overdue", "Cases past the outbound's last day (N8)", ["admdvs"])
_SEALED = Counter("transfer_outbound_sheets_sealed_total", "Versions of sheets sealed and issued")
_FAULTY = Counter("transfer_outbound_sheets_faulty_total", "Approved sheets that went back with errors")


def count_steps(names: Iterable[str]) -> None:
    """Count steps; their names come from the code alone."""
    for name, times in Tally(names).items():
        _STEPS.labels(name).inc(times)


def count_sealed(sealed: int, faulty: int) -> None:
    """Count the outcome of one round of sealing."""
    _SEALED.inc(sealed)
    _FAULTY.inc(faulty)


def show_states(counts: Iterable[tuple[str, str, int]]) -> None:
    """Show agency, state and number of cases as counted in the database."""
    _CASES.clear()
    for admdvs, state, number in counts:
        _CASES.labels(admdvs, state).set(number)


def show_late(due_soon: Mapping[str, int], overdue: Mapping[str, int]) -> None:
    """Show how many cases of each agency are due soon and overdue, as counted in the database."""
    for gauge, counts in ((_DUE_SOON, due_soon), (_OVERDUE, overdue)):
        gauge.clear()
        for admdvs, number in counts.items():
            gauge.labels(admdvs).set(number)
