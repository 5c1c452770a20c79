"""Where an application comes in (N6): decided by the token's window, never by the body."""

from shared.contracts.codes import OptChnl
from shared.law import law
from shared.registry.models import Area


@law("N6")
def opt_chnl(optins_no: str | None, trafout: Area, trafin: Area) -> OptChnl:
    """The channel of an application that passed the screening; ``optins_no`` is the token's window, if any.

    Where both sides are one area (a switch of scheme) its window counts as the inbound's.
    """
    if optins_no is None:
        return OptChnl.PLATFORM
    is_inbound = any(window.optins_no == optins_no for window in trafin.windows)
    return OptChnl.INBOUND_WINDOW if is_inbound else OptChnl.OUTBOUND_WINDOW
