"""Fewer heaps: glibc gives every thread one of its own, and what was freed in one is of no use to the others."""

import ctypes

_M_ARENA_MAX = -8
_ARENAS = 2


def share_heaps() -> None:
    """Let all threads of this process share two heaps; call it before the first thread. Without glibc: nothing.

    What signs, verifies and parses in threads otherwise keeps a heap for each of them at its largest.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
