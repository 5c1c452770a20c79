"""The process's own prometheus metrics. Labels are names from the code, never data of persons."""

from prometheus_client import Counter, Histogram

HTTP_SECONDS = Histogram(
    "transfer_http_request_seconds",
    "Time to answer an HTTP request",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LOOP_TURNS = Counter("transfer_loop_turns_total", "Turns of a background loop", ("loop", "outcome"))
