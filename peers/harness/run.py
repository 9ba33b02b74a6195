"""Runs the journeys of the peer in the current folder. Arguments name journeys; without any, all run."""

import importlib.util
import os
import pathlib
import sys

from journey import Exchanges, Journey


def variable(name):
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: start this with `cargo xtask peers`")
    return value


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    here = pathlib.Path.cwd()
    report = variable("PEER_REPORT")
    exchanges = Exchanges()
    # Not `client`: a package may have a module of that name.
    api = load(here / "peer_client.py").connect(
        base_url=variable("STREAM_BASE_URL"),
        key=variable("STREAM_API_KEY"),
        secret=variable("STREAM_API_SECRET"),
        exchanges=exchanges,
    )
    names = sorted(path.stem for path in (here / "journeys").glob("*.py"))
    for name in sys.argv[1:] or names:
        journey = Journey(name, report, exchanges)
        with journey.step("the journey as a whole"):
            load(here / "journeys" / f"{name}.py").travel(journey, api)
        journey.finish()


main()
