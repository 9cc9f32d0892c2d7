"""Reads ``data/`` into typed objects and validates it.

Pure Python: runs both in the engine (Python 3.10) and on the web side (Python 3.12).
Start at :class:`content.library.Library`.
"""
