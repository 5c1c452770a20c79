"""One JSON object a line on standard output, from our own loggers and from those of the libraries."""

import json
import logging
import sys
from types import TracebackType
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from shared.telemetry.errors import format_error
from shared.telemetry.masking import mask_text, mask_value
from shared.telemetry.trace import trace_id

# They repeat what our own lines say, once per request.
_QUIET = ("httpx", "httpcore", "uvicorn.access", "aiokafka.consumer.fetcher")


def configure_logging(service: str, level: str = "INFO") -> None:
    """Send every line of this process through our processors; safe to call again (tests do)."""
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _adds(service),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.ExceptionRenderer(format_error),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*steps, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _masked, _rendered],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "alembic", "aiokafka"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught


def _log_uncaught(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    # Python itself would write the error's words as they are.
    structlog.get_logger("shared.uncaught").critical("process_failed", exc_info=error)


def _adds(service: str) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        trace = trace_id()
        if trace is not None:
            event.setdefault("trace_id", trace)
        return event

    return add


def _masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.pop("color_message", None)
    # A number may be random hex that happens to hold 15 digits in a row; ids that we make ourselves stay whole.
    return {key: value if key == "trace_id" else mask_value(value) for key, value in event.items()}


def _rendered(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    return mask_text(str(value))
