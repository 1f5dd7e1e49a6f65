"""A stand-in for the service, to practise on: the real change cannot be undone."""

from ._native import Emulator

__all__ = ["Emulator"]
