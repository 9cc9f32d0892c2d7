"""Text to token ids as multilingual-e5 was trained on them: SentencePiece's unigram model."""

from __future__ import annotations

import re
from array import array
from functools import cache
from itertools import pairwise

from assistant.encoder.weights import Pieces

_WORD_START = "\u2581"  # SentencePiece's mark for the space before a word
_SPACES = re.compile(" {2,}")
_WORD = re.compile(f"{_WORD_START}[^{_WORD_START}]*")
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

    def ids(self, texts: list[str]) -> list[list[int]]:
        """The token ids of each text, without the marks for its beginning and end."""
        # Training phrases share their words. Remembered for this call only: what parents write
        # must not stay.
        split = cache(self._split)
        return [[token for word in self._words(text) for token in split(word)] for text in texts]

    def _words(self, text: str) -> list[str]:
        """``text`` as words with the mark before them; no piece goes on into the next word."""
        text = _SPACES.sub(" ", text.translate(self._replacements)).replace(" ", _WORD_START)
        if not text.startswith(_WORD_START):
            text = _WORD_START + text
        return _WORD.findall(text)

    def _split(self, word: str) -> list[int]:
        # Viterbi: the best way to every position, as (score, token, where the token starts).
        best: list[tuple[float, int, int]] = [(0.0, -1, -1)] + [(-1e30, -1, -1)] * len(word)
        find, scores = self._pieces.get, self._scores
        for start in range(len(word)):
            so_far = best[start][0]
            for stop in range(start + 1, min(start + self._longest, len(word)) + 1):
                piece = find(word[start:stop])
                if piece is not None and so_far + scores[piece] > best[stop][0]:
                    best[stop] = (so_far + scores[piece], piece, start)
            if so_far + self._penalty > best[start + 1][0]:
                best[start + 1] = (so_far + self._penalty, self._unknown, start)
        tokens = []
        position = len(word)
        while position > 0:
            _, token, position = best[position]
            tokens.append(token)
        return tokens[::-1]
