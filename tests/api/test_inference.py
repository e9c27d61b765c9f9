"""The Open Inference Protocol: what a client of KServe finds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.api.services import drawn_seven, problem

MODEL = "/v2/models/digits"


def tensor(images, **changes):
    """Return a request's body for images, uint8 (N, 28, 28)."""
    data = images.ravel().tolist()
    one = {"name": "images", "datatype": "UINT8", "shape": list(images.shape), "data": data}
    return {"inputs": [one | changes]}


def test_the_server_and_its_model_are_there_and_ready(reading):
    assert reading.get("/v2").json()["name"] == "inkling"
    assert reading.get("/v2/health/live").json() == {"live": True}
    assert reading.get("/v2/health/ready").json() == {"ready": True}
    assert reading.get(f"{MODEL}/ready").json() == {"name": "digits", "ready": True}


def test_the_metadata_names_the_tensors_and_the_version_that_reads(reading):
    metadata = reading.get(MODEL).json()

    assert metadata["inputs"] == [{"name": "images", "datatype": "UINT8", "shape": [-1, 28, 28]}]
    version = metadata["versions"][0]
    assert reading.get(f"{MODEL}/versions/{version}").json() == metadata
    assert reading.get(f"{MODEL}/versions/{version}/ready").status_code == 200


def test_images_are_read_flat_and_nested_alike(reading):
    images = np.stack([drawn_seven(), np.zeros((28, 28), np.uint8)])

    flat = reading.post(f"{MODEL}/infer", json={**tensor(images), "id": "of a client"}).json()
    nested = reading.post(f"{MODEL}/infer", json=tensor(images, data=images.tolist())).json()

    outputs = {one["name"]: one for one in flat["outputs"]}
    assert flat["id"] == "of a client"
    assert outputs["label"]["data"][0] == 7
    assert outputs["is_digit"]["data"] == [True, False]
    assert outputs["probabilities"]["shape"] == [2, 10]
    assert len(outputs["probabilities"]["data"]) == 20
    assert nested["outputs"] == flat["outputs"]


def test_an_output_is_sent_once_so_that_no_answer_outgrows_its_request(reading):
    wanted = [{"name": name} for name in 500 * ["sure", "label"]]
    body = {**tensor(drawn_seven()[None]), "outputs": wanted}

    outputs = reading.post(f"{MODEL}/infer", json=body).json()["outputs"]

    assert [one["name"] for one in outputs] == ["sure", "label"]


def test_only_the_outputs_that_are_asked_for_are_sent(reading):
    body = {**tensor(drawn_seven()[None]), "outputs": [{"name": "label"}]}

    answer = reading.post(f"{MODEL}/infer", json=body).json()

    assert answer["outputs"] == [{"name": "label", "datatype": "INT64", "shape": [1], "data": [7]}]


@pytest.mark.parametrize(
    "changes",
    [
        {"datatype": "FP32"},
        {"shape": [2, 28, 28]},
        {"shape": [1, 784]},
        {"shape": [0, 28, 28], "data": []},
        {"shape": [257, 28, 28]},
        {"shape": [1.0, 28, 28]},
        {"data": [256] * 784},
        {"data": [-1] * 784},
        {"data": [0.5] * 784},
        {"data": ["1"] * 784},
        {"data": [True] * 784},
        {"data": [10**30] * 784},
        {"data": [[1], [1, 2]]},
        {"data": None},
        {"name": 1},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_another_tensor_is_refused(reading, changes):
    answer = reading.post(f"{MODEL}/infer", json=tensor(drawn_seven()[None], **changes))

    problem(answer, 422)


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"inputs": 7}', b'{"inputs": [1]}'])
def test_what_is_no_request_is_refused(reading, body):
    problem(reading.post(f"{MODEL}/infer", content=body), 422)


def test_another_model_and_another_version_are_not_there(reading):
    body = tensor(drawn_seven()[None])

    problem(reading.post("/v2/models/letters/infer", json=body), 404)
    problem(reading.post(f"{MODEL}/versions/six-conv-0/infer", json=body), 404)
    problem(reading.get("/v2/models/letters/ready"), 404)


def test_images_of_several_batches_are_answered_in_their_order(reading):
    inks = np.random.default_rng(5).integers(0, 256, (100, 28, 28), dtype=np.uint8)
    inks[:, :, :7] = inks[:, :, 21:] = 0

    (together,) = reading.post(f"{MODEL}/infer", json=shares_of(inks)).json()["outputs"]

    alone = [reading.post(f"{MODEL}/infer", json=shares_of(ink[None])).json() for ink in inks]
    each = [share for one in alone for share in one["outputs"][0]["data"]]
    assert together["data"] == pytest.approx(each, abs=2e-6)
    assert max(together["data"]) > 2 * min(together["data"][::10])


def shares_of(images):
    """Return the body of a request for nothing but probabilities."""
    return {**tensor(images), "outputs": [{"name": "probabilities"}]}
