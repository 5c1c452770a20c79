"""Reading bank files: untrusted bytes in, ``domain.statement`` values out, never more than a few lines in memory."""
