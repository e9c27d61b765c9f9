"""A program written from the contract alone, and what that contract's service did wrong."""

from __future__ import annotations

import pytest

from model.ensemble.member_names import MEMBERS
from tests.api.services import service
from tests.api.tuned_members import image_of, leave_members


@pytest.fixture
def untrained(tmp_path):
    with service(MODELS_DIR=str(tmp_path), API_RATE="0", is_on_loopback=True) as client:
        yield client


@pytest.fixture
def trained(tmp_path, untrained):
    leave_members(tmp_path, "rf", "svm")
    return untrained


def predict(client, data, together=False):
    return client.post("/predict", json={"ensemble_predict": together, "data": data})


def test_one_image_and_two_are_read_by_the_best_model_and_by_all(trained):
    for together in (False, True):
        one = predict(trained, [image_of(7)], together)
        two = predict(trained, [image_of(7), image_of(2)], together)

        assert (one.status_code, one.json()) == (200, {"prediction": [7]})
        assert (two.status_code, two.json()) == (200, {"prediction": [7, 2]})


def test_twenty_eight_rows_of_28_are_one_image(trained):
    flat = image_of(3)
    square = [flat[row * 28 : row * 28 + 28] for row in range(28)]

    assert predict(trained, square).json() == {"prediction": [3]}


def test_the_figures_have_the_contracts_names_in_its_order(trained):
    figures = trained.get("/best_model_parameters").json()

    assert list(figures) == ["best_model", "rf", "svm"]
    assert figures["best_model"] == figures["svm"]
    assert list(figures["rf"]) == [
        *("name", "best_params", "accuracy", "test_accuracy", "test_loss"),
        *("roc_auc_score", "recall"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": [[0] * 784]},
        {"ensemble_predict": False},
        {"ensemble_predict": None, "data": [[0] * 784]},
        {"ensemble_predict": False, "data": None},
        {"ensemble_predict": False, "data": [0] * 784},
        {"ensemble_predict": False, "data": [["ink"] * 784]},
        {"ensemble_predict": False, "data": [[0.5] * 784]},
        {"ensemble_predict": False, "data": []},
        {"ensemble_predict": False, "data": [[]]},
        {"ensemble_predict": False, "data": [[0] * 783]},
        {"ensemble_predict": False, "data": [[0] * 784, [0] * 783]},
        {"ensemble_predict": False, "data": [[0] * 392] * 2},
        {"ensemble_predict": False, "data": [[300] + [0] * 783]},
        {"ensemble_predict": False, "data": [[-5] + [0] * 783]},
        {"ensemble_predict": False, "data": [[10**30] + [0] * 783]},
    ],
    ids=lambda body: str(body)[:50],
)
def test_a_bad_payload_is_422_with_a_list_of_what_is_wrong(trained, body):
    answer = trained.post("/predict", json=body)

    assert answer.status_code == 422
    assert {"type", "loc", "msg"} <= answer.json()["detail"][0].keys()


def test_broken_json_is_422(trained):
    headers = {"Content-Type": "application/json"}

    answer = trained.post("/predict", content=b'{"data":', headers=headers)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == "json_invalid"


@pytest.mark.parametrize("word", ["yes", 1, "true"])
def test_what_the_contract_understands_is_understood(trained, word):
    body = {"ensemble_predict": word, "data": [["0"] * 783 + ["1"]], "unknown": 1}

    assert trained.post("/predict", json=body).status_code == 200


def test_before_a_training_all_routes_say_so_with_400(untrained):
    figures = untrained.get("/best_model_parameters")

    assert (figures.status_code, figures.json()) == (400, {"detail": "Model not trained yet"})
    for together, words in ((False, "Model not"), (True, "Ensemble model not")):
        answer = predict(untrained, [image_of(7)], together)
        assert (answer.status_code, answer.json()) == (400, {"detail": f"{words} trained yet"})


def test_one_model_alone_reads_and_the_ensemble_says_what_it_lacks(tmp_path, untrained):
    leave_members(tmp_path, "rf")

    assert predict(untrained, [image_of(7)]).json() == {"prediction": [7]}
    together = predict(untrained, [image_of(7)], True)
    assert together.status_code == 409
    assert "At least 2 models" in together.json()["detail"]


def test_best_model_is_that_of_the_last_training_whichever_was_better_before(tmp_path, trained):
    assert trained.get("/best_model_parameters").json()["best_model"]["name"] == "svm"

    leave_members(tmp_path, "rf", tuned_at="2026-02-01T10:00:00+00:00")

    assert list(trained.get("/best_model_parameters").json()) == ["best_model", "rf"]
    assert predict(trained, [image_of(4)]).json() == {"prediction": [4]}


@pytest.mark.parametrize("best", MEMBERS)
def test_models_survive_a_restart_whichever_is_the_best(tmp_path, best):
    leave_members(tmp_path, *(name for name in MEMBERS if name != best), best)
    with service(MODELS_DIR=str(tmp_path)) as client:
        before = client.get("/best_model_parameters").json()
    with service(MODELS_DIR=str(tmp_path)) as again:
        assert again.get("/best_model_parameters").json() == before
        assert before["best_model"]["name"] == best
        for together in (False, True):
            assert predict(again, [image_of(7)], together).json() == {"prediction": [7]}


def test_a_pickle_is_never_opened_and_a_damaged_model_is_503(tmp_path, trained):
    next(tmp_path.glob("svm-*.onnx")).write_bytes(b"\x80\x04a pickle")

    answer = predict(trained, [image_of(7)])

    assert answer.status_code == 503
    assert isinstance(answer.json()["detail"], str)


def test_the_root_answers_and_trains_nothing(tmp_path, untrained):
    answer = untrained.get("/")

    assert answer.status_code == 200
    assert isinstance(answer.json()["message"], str)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_method_and_an_unknown_path_have_the_contracts_detail(untrained):
    for method, path in (("GET", "/predict"), ("GET", "/training"),
                         ("POST", "/best_model_parameters")):  # fmt: skip
        answer = untrained.request(method, path)
        assert (answer.status_code, answer.json()["detail"]) == (405, "Method Not Allowed")
    assert untrained.get("/nowhere").json()["detail"] == "Not Found"
