"""An AMC on localhost, for tests and for a first look without an account."""

from amc_fleet.testing._emulator import Emulator, emulator

__all__ = ["Emulator", "emulator"]
