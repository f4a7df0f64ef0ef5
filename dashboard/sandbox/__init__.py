"""A simulated Livepeer Studio: its Task API over real HTTP, the traps of the real one included."""

from dashboard.sandbox.simulator import Sandbox
from dashboard.sandbox.switches import Switches

__all__ = ["Sandbox", "Switches"]
