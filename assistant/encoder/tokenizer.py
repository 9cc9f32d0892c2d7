"""Text to token ids as multilingual-e5 was trained on them: SentencePiece's unigram model."""

from __future__ import annotations

import re
from array import array
from itertools import pairwise

from assistant.encoder.weights import Pieces

_WORD_START = "\u2581"  # SentencePiece's mark for the space before a word
_SPACES = re.compile(" {2,}")
_UNKNOWN_PENALTY = 10.0  # below the least likely piece, as SentencePiece has it


class Tokenizer:
    """Splits a text into the pieces whose scores have the greatest sum."""

    def __init__(self, pieces: Pieces) -> None:
        bounds = pieces.offsets.tolist()
        self._pieces = {
            pieces.blob[start:stop].decode(): piece
            for piece, (start, stop) in enumerate(pairwise(bounds))
            if piece != pieces.unknown
        }
        self._scores = array("f", pieces.scores)  # a list would take six times the memory
        self._longest = max(map(len, self._pieces))
        self._unknown = pieces.unknown
        self._penalty = min(self._scores) - _UNKNOWN_PENALTY
        self._replacements = pieces.replacements
        self.begin = pieces.begin
        self.end = pieces.end

    def ids(self, text: str) -> list[int]:
        """The token ids of ``text``, without the marks for its beginning and end."""
        text = _SPACES.sub(" ", text.translate(self._replacements)).replace(" ", _WORD_START)
        if not text.startswith(_WORD_START):
            text = _WORD_START + text
        # Viterbi: the best way to every position, as (score, token, where the token starts).
        best: list[tuple[float, int, int]] = [(0.0, -1, -1)] + [(-1e30, -1, -1)] * len(text)
        find, scores = self._pieces.get, self._scores
        for start in range(len(text)):
            so_far = best[start][0]
            for stop in range(start + 1, min(start + self._longest, len(text)) + 1):
                piece = find(text[start:stop])
                if piece is not None and so_far + scores[piece] > best[stop][0]:
                    best[stop] = (so_far + scores[piece], piece, start)
            if so_far + self._penalty > best[start + 1][0]:
                best[start + 1] = (so_far + self._penalty, self._unknown, start)
        tokens = []
        position = len(text)
        while position > 0:
            _, token, position = best[position]
            tokens.append(token)
        return tokens[::-1]
