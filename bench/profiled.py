"""``python -m bench.profiled <file> <package> <role>``: a service under cProfile, by its main thread's CPU time."""

import cProfile
import runpy
import sys
import time


def main() -> None:
    """Run the package as ``python -m`` would and write the profile when it ends."""
    output, package, *arguments = sys.argv[1:]
    sys.argv = [package, *arguments]
    profile = cProfile.Profile(time.thread_time)
    profile.enable()
    try:
        runpy.run_module(package, run_name="__main__", alter_sys=True)
    finally:
        profile.disable()
        profile.dump_stats(output)


if __name__ == "__main__":
    main()
