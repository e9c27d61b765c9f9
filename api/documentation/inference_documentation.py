"""How the Open Inference Protocol is described in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.documentation.documented import object_of
from api.reading.inference_tensors import MOST_IMAGES, OUTPUTS

TENSOR = object_of(
    {
        "name": {"type": "string"},
        "datatype": {"type": "string"},
        "shape": {"type": "array", "items": {"type": "integer"}},
    }
)
INPUT = object_of(
    {
        "name": {"type": "string"},
        "datatype": {"const": "UINT8"},
        "shape": {
            "type": "array",
            "prefixItems": [
                {"type": "integer", "minimum": 1, "maximum": MOST_IMAGES},
                {"const": 28},
                {"const": 28},
            ],
            "minItems": 3,
            "maxItems": 3,
        },
        "data": {
            "type": "array",
            "description": "Numbers from 0 to 255, flat or nested: 0 = paper, 255 = full ink.",
        },
    }
)
BLANK = {"name": "images", "datatype": "UINT8", "shape": [1, 28, 28], "data": [0] * 784}
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": object_of(
                {"inputs": {"type": "array", "items": INPUT, "minItems": 1, "maxItems": 1}},
                id={"type": "string"},
                outputs={
                    "type": "array",
                    "items": object_of({"name": {"type": "string", "enum": list(OUTPUTS)}}),
                },
            ),
            "example": {"inputs": [BLANK]},
        }
    },
}
RESPONSE = object_of(
    {
        "model_name": {"type": "string"},
        "model_version": {"type": "string"},
        "outputs": {
            "type": "array",
            "items": {
                **TENSOR,
                "properties": {**TENSOR["properties"], "data": {"type": "array"}},
            },
        },
    },
    id={"type": "string"},
)
EXAMPLE = {
    "model_name": "digits",
    "model_version": "six-conv-1a2b3c4d5e6f",
    "outputs": [{"name": "label", "datatype": "INT64", "shape": [1], "data": [7]}],
}
SERVER = (
    object_of(
        {
            "name": {"type": "string"},
            "version": {"type": "string"},
            "extensions": {"type": "array", "items": {"type": "string"}},
        }
    ),
    {"name": "inkling", "version": "0.1.0", "extensions": []},
    "What this server is.",
)
LIVE = (object_of({"live": {"type": "boolean"}}), {"live": True}, "The process is there.")
READY = (
    object_of({"ready": {"type": "boolean"}}, name={"type": "string"}),
    {"ready": True},
    "Digits can be read.",
)
METADATA = (
    object_of(
        {
            "name": {"type": "string"},
            "versions": {"type": "array", "items": {"type": "string"}},
            "platform": {"type": "string"},
            "inputs": {"type": "array", "items": TENSOR},
            "outputs": {"type": "array", "items": TENSOR},
        }
    ),
    {
        "name": "digits",
        "versions": ["six-conv-1a2b3c4d5e6f"],
        "platform": "onnx_onnxruntime",
        "inputs": [{"name": "images", "datatype": "UINT8", "shape": [-1, 28, 28]}],
        "outputs": [{"name": "label", "datatype": "INT64", "shape": [-1]}],
    },
    "What the model takes and gives.",
)
