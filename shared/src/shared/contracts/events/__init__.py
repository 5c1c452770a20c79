"""Every event of the exchange. A new version of one is a new class; receivers keep reading the old one."""

from shared.contracts.events.addendum import (
    AddendumAccepted,
    AddendumIssued,
    AddendumPayable,
    AddendumRefused,
    AddendumRouted,
)
from shared.contracts.events.event import Event
from shared.contracts.events.money import (
    BalanceCredited,
    BalanceMatched,
    BalancePaid,
    BalancePayable,
    BalanceReceived,
    BalanceReleased,
    BalanceReturned,
    BalanceSettledOtherwise,
    PaymentHoldChanged,
)
from shared.contracts.events.paper import PaperCaseOpened
from shared.contracts.events.relation import (
    BenefitsDecided,
    RelationEnded,
    SheetAccepted,
    SheetIssued,
    SheetRefused,
    SheetReturned,
    SheetRouted,
    TransferAccepted,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
    TransferWithdrawn,
)
from shared.contracts.events.transport import MessageReceipt, ResendRequested

EVENTS: dict[str, type[Event]] = {
    event.ce_type(): event
    for event in (
        TransferAccepted,
        TransferWithdrawn,
        TransferTerminated,
        SheetIssued,
        SheetAccepted,
        SheetRefused,
        SheetRouted,
        SheetReturned,
        TransferCompleted,
        TransferCorrected,
        BenefitsDecided,
        RelationEnded,
        PaperCaseOpened,
        AddendumIssued,
        AddendumAccepted,
        AddendumRefused,
        AddendumRouted,
        AddendumPayable,
        BalancePayable,
        PaymentHoldChanged,
        BalancePaid,
        BalanceReceived,
        BalanceMatched,
        BalanceCredited,
        BalanceReturned,
        BalanceReleased,
        BalanceSettledOtherwise,
        MessageReceipt,
        ResendRequested,
    )
}
"""By CloudEvents ``type``."""

__all__ = [
    "EVENTS",
    "AddendumAccepted",
    "AddendumIssued",
    "AddendumPayable",
    "AddendumRefused",
    "AddendumRouted",
    "BalanceCredited",
    "BalanceMatched",
    "BalancePaid",
    "BalancePayable",
    "BalanceReceived",
    "BalanceReleased",
    "BalanceReturned",
    "BalanceSettledOtherwise",
    "BenefitsDecided",
    "Event",
    "MessageReceipt",
    "PaperCaseOpened",
    "PaymentHoldChanged",
    "RelationEnded",
    "ResendRequested",
    "SheetAccepted",
    "SheetIssued",
    "SheetRefused",
    "SheetReturned",
    "SheetRouted",
    "TransferAccepted",
    "TransferCompleted",
    "TransferCorrected",
    "TransferTerminated",
    "TransferWithdrawn",
]
