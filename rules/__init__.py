"""The pure domain: dataclasses in, dataclasses out.

No I/O, no clock, no environment: `now` is always an argument. Pure libraries are welcome, frameworks and clients
are not.
"""
