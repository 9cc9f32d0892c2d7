"""The public web side: conversation API, safe answer and demo page.

Start reading at :mod:`web.urls` (what exists) and :mod:`web.conversations` (what happens).
"""
