"""The database server of a measurement: durable, and given what an agency's is to be given (docs/operations.md)."""

from collections.abc import Mapping

import psutil

_MEBIBYTE = 2**20
_SHARED_MIB = 2048


def settings() -> Mapping[str, str]:
    """PostgreSQL's settings by name; fsync, synchronous_commit and full_page_writes stay on.

    A quarter of the memory, at most 2 GiB, for what it keeps of tables and indexes.
    """
    shared = min(_SHARED_MIB, psutil.virtual_memory().total // 4 // _MEBIBYTE)
    return {
        "shared_buffers": f"{shared}MB",
        "max_wal_size": "16GB",
        "min_wal_size": "1GB",
        "checkpoint_timeout": "30min",
        "wal_buffers": "64MB",
    }
