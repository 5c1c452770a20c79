"""Every change of a case: ``(case, command) -> Decision``, or ``CommandNotAllowed``."""
