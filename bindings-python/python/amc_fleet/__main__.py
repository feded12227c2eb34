"""``python -m amc_fleet worker`` and ``migrate``: what runs apart from programs."""

import argparse
import signal
import sys
import threading

import amc_fleet


def worker(arguments: argparse.Namespace) -> None:
    """Works until interrupted, then finishes what is in hand."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    credentials = amc_fleet.Credentials.from_env()
    with amc_fleet.Fleet(arguments.database, credentials=credentials, worker=True) as fleet:
        print(f"amc-fleet: working on {fleet.database}", file=sys.stderr, flush=True)
        stop.wait()
        print("amc-fleet: finishing what is in hand", file=sys.stderr)


def migrate(arguments: argparse.Namespace) -> None:
    """Brings the database up to date, whatever else it holds."""
    amc_fleet.Fleet.migrate(arguments.database)
    print("amc-fleet: the database is up to date", file=sys.stderr)


def main() -> None:
    """Runs the command of the command line."""
    parser = argparse.ArgumentParser(prog="python -m amc_fleet", description="Work apart from programs.")
    commands = parser.add_subparsers(required=True)
    for command, what in ((worker, "work until interrupted"), (migrate, "bring the database up to date")):
        one = commands.add_parser(command.__name__, help=what)
        one.add_argument("--database", help="a path or a URL; $AMC_FLEET_DATABASE, or one file of this user")
        one.set_defaults(run=command)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except amc_fleet.Error as error:
        sys.exit("\n".join([f"amc-fleet: {error}", *getattr(error, "__notes__", [])]))


if __name__ == "__main__":
    main()
