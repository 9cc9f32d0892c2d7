"""Graphs that are made in memory and run by ONNX Runtime."""

from __future__ import annotations

import onnx
from onnx import helper
from onnxruntime import InferenceSession, SessionOptions

CONTRIB = "com.microsoft"  # ONNX Runtime's own operators
_OPSET, _CONTRIB_OPSET, _IR_VERSION = 17, 1, 9


def one_thread(graph: onnx.GraphProto) -> InferenceSession:
    """A session that takes one thread: the other cores have other messages."""
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIB, _CONTRIB_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
