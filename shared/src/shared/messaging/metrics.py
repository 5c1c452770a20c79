"""What operators see of the exchange."""

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import Counter, Gauge

WRITTEN = Counter("transfer_messages_written_total", "Messages written to the log and outbox", ["type"])
SENT = Counter("transfer_messages_sent_total", "Messages handed to the broker, resends included", ["type"])
RECEIVED = Counter("transfer_messages_received_total", "New messages taken into custody", ["type"])
APPLIED = Counter("transfer_messages_applied_total", "Messages applied by their handler", ["type"])
DUPLICATES = Counter("transfer_messages_duplicate_total", "Messages that came again and were absorbed", ["type"])
QUARANTINED = Counter("transfer_messages_quarantined_total", "Messages put into quarantine", ["reason"])
OUTBOX_DEPTH = Gauge("transfer_outbox_depth", "Messages without a receipt, sent or not")
OUTBOX_AGE = Gauge("transfer_outbox_oldest_seconds", "Age of the oldest message without a receipt")
RECEIPTS_OUTSTANDING = Gauge("transfer_receipts_outstanding", "Messages sent at least once and not receipted")
INBOX_WAITING = Gauge("transfer_inbox_waiting", "Messages in custody that wait for an earlier one")
QUARANTINE_SIZE = Gauge("transfer_quarantine_size", "Messages in quarantine")
CONSUMER_LAG = Gauge("transfer_consumer_lag", "Messages on the broker that are not fetched yet", ["topic"])


def count(counter: Counter, labels: Iterable[str]) -> None:
    """Add one per label."""
    for label, number in Tally(labels).items():
        counter.labels(label).inc(number)
