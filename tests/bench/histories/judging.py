"""Make one history and have it judged by the program of a build directory."""

import pathlib
import subprocess
import time

TOOLS = pathlib.Path("tests") / "bench" / "histories"
COMMANDS = (("outages.csv", ["outages"]), ("timeline.csv", ["timeline"]),
            ("seen_reboots.csv", ["outages", "--reboots"]))


class Failed(Exception):
    pass


def run(argv, out=subprocess.DEVNULL):
    done = subprocess.run([str(word) for word in argv], stdout=out, stderr=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode != 0:
        raise Failed("%s: exit %d: %s" % (" ".join(map(str, argv)), done.returncode,
                                          done.stderr.strip()[-300:]))


def judges_directly(build):
    """Has it a `judged` that knows how histories are played? Older builds have none."""
    tool = build / TOOLS / "judged"
    if not tool.exists():
        return False
    usage = subprocess.run([str(tool)], stderr=subprocess.PIPE, text=True, check=False).stderr
    return "HOW IT IS PLAYED" in usage


def through_store(generator, build, history, directory):
    """For builds that have no such tool: a store, read by their `lightsout`."""
    run([generator, *history, "-o", directory])
    store = directory / "store.db"
    began = time.monotonic()
    for name, command in COMMANDS:
        with open(directory / name, "wb") as out:
            run([build / "lightsout", *command, "-s", store, "--epoch", "-o", "csv:/dev/stdout"],
                out)
        if name == "outages.csv":
            (directory / "seconds").write_text("%.3f\n" % (time.monotonic() - began))
    for path in directory.glob("store.db*"):
        path.unlink()


def judge(build, family, seed, played, directory, generator=None):
    """Truth and results into the directory. played: options of `histories`."""
    history = ["-f", family, "-s", str(seed), *played]
    if generator:
        through_store(generator, build, history, directory)
    else:
        run([build / TOOLS / "judged", *history, "-o", directory])
