"""Threads share their heaps."""

import subprocess
import sys

import pytest

_TWELVE_THREADS = """
import ctypes, re, sys, threading
from shared.runtime.memory import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
both = threading.Barrier(13)
def work():
    kept = [bytearray(20_000) for _ in range(50)]
    both.wait(); both.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for each in threads:
    each.start()
both.wait()
heaps = ctypes.CDLL(None).malloc_info
file = ctypes.CDLL(None).fopen
file.restype = ctypes.c_void_p
file.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
heaps.argtypes = [ctypes.c_int, ctypes.c_void_p]
close = ctypes.CDLL(None).fclose
close.argtypes = [ctypes.c_void_p]
out = file(sys.argv[2].encode(), b"w")
heaps(0, out)
close(out)
both.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has heaps by thread")
def test_threads_share_two_heaps(tmp_path: object) -> None:
    counts = {}
    for mode in ("alone", "shared"):
        file = f"{tmp_path}/{mode}.xml"
        subprocess.run([sys.executable, "-c", _TWELVE_THREADS, mode, file], check=True)
        with open(file, encoding="utf-8") as told:
            counts[mode] = told.read().count("<heap ")
    assert counts["shared"] == 2 < counts["alone"]
