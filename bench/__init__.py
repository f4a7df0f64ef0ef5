"""`make bench`: every figure that Studio Tasks promises, measured in one run on this machine.

The server is the product's own, started as `manage.py serve` starts it, on a database of its own. What counts is
the CPU time of the server per request, as the kernel accounts it: it is steady where seconds on a clock are not.
"""
