"""What the reader of workbooks and who starts it agree on."""

MAX_FILE_BYTES = 20 * 2**20
PASSWORD = 3
"""Exit code: the workbook is protected by a password."""

UNREADABLE = 4
"""Exit code: no workbook that can be read."""

TOO_MANY_SHEETS = 5
"""Exit code: more sheets than are looked at."""

MAX_SHEETS = 20
