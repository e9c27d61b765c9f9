from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model import BadDrawing, BadWeights, NoInk, Prediction, Recogniser, WeightsNotFound
from model.datasets.alphabet import CHARACTERS
from model.evaluation.out_of_distribution import stranger
from model.ink.preprocess import prepare, prepare_and_count, prepare_any
from model.reading.recogniser import BATCH
from model.synthesis.canvas_images import stack
from model.weight_files.places import BASELINE_WEIGHTS, CHARACTER_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.ink.sketches import photograph, sketch
from tests.model.networks.cards import CARD
from tests.model.weight_files.pairs import graph_of, write_like


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(DEFAULT_WEIGHTS)


def test_the_shipped_weights_read_a_drawn_seven(recogniser: Recogniser) -> None:
    prediction = recogniser.predict(sketch())

    assert prediction.label == "7"
    assert prediction.confidence == prediction.probabilities["7"]
    assert sum(prediction.probabilities.values()) == pytest.approx(1)
    assert list(prediction.probabilities) == list("0123456789")
    assert prediction.ink.shape == (28, 28)


@pytest.fixture(scope="module")
def of_characters() -> Recogniser:
    return Recogniser.load("characters")


def test_characters_are_read_by_their_name(of_characters: Recogniser) -> None:
    prediction = of_characters.predict(sketch())

    assert prediction.label == "7"
    assert prediction.is_digit
    assert "".join(prediction.probabilities) == CHARACTERS
    assert sum(prediction.probabilities.values()) == pytest.approx(1)
    assert prediction.heat.max() == 255


def test_what_nobody_could_tell_apart_is_never_certain(of_characters: Recogniser) -> None:
    ring = Image.new("L", (280, 280))
    ImageDraw.Draw(ring).ellipse((60, 60, 220, 220), outline=255, width=16)

    prediction = of_characters.predict(ring)

    assert prediction.label in set("0Oo")
    assert sum(prediction.probabilities[label] for label in "0Oo") > 0.9
    assert prediction.confidence < 0.9
    assert not prediction.sure


def test_a_scribble_is_no_character(of_characters: Recogniser) -> None:
    chance = np.random.default_rng(0)
    inks = stack([prepare_any(stranger("scribble", chance)) for _ in range(60)])

    assert of_characters.accepts(inks).mean() < 0.25


def test_digits_by_name_are_what_is_read_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_like(tmp_path / "w.safetensors")
    monkeypatch.setenv("WEIGHTS", str(tmp_path / "w.safetensors"))

    named, unnamed = Recogniser.load("digits"), Recogniser.load()

    assert named.card == unnamed.card == Recogniser.load(tmp_path / "w.safetensors").card


def test_weights_of_characters_never_read_digits_in_their_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEIGHTS", str(CHARACTER_WEIGHTS))

    with pytest.raises(BadWeights, match="does not read digits"):
        Recogniser.load()


def test_damaged_weights_of_characters_are_refused(tmp_path: Path) -> None:
    content = bytearray(CHARACTER_WEIGHTS.with_suffix(".onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "w.onnx").write_bytes(content)

    with pytest.raises(BadWeights, match="damaged"):
        Recogniser.load(tmp_path / "w.onnx")


def test_sure_means_at_or_above_the_threshold_of_the_header(tmp_path: Path) -> None:
    write_like(tmp_path / "w.safetensors")
    confidence = Recogniser.load(tmp_path / "w.safetensors").predict(sketch()).confidence

    for threshold, sure in [(confidence, True), (np.nextafter(confidence, 1), False)]:
        write_like(tmp_path / "w.safetensors", sure_threshold=float(threshold))
        assert Recogniser.load(tmp_path / "w.safetensors").predict(sketch()).sure is sure


def test_the_temperature_of_the_header_is_applied() -> None:
    graph = graph_of(BASELINE_WEIGHTS)
    cold, warm = (
        Recogniser(graph, replace(CARD, temperature=temperature)) for temperature in (0.5, 5.0)
    )

    assert cold.predict(sketch()).confidence > warm.predict(sketch()).confidence
    assert cold.predict(sketch()).label == warm.predict(sketch()).label


def test_many_pictures_are_answered_in_order_readable_or_not(recogniser: Recogniser) -> None:
    blank = np.zeros((280, 280), np.uint8)

    answers = recogniser.predict_many([sketch(), blank, np.zeros((3,), np.uint8), sketch()])

    assert [type(answer) for answer in answers] == [Prediction, NoInk, BadDrawing, Prediction]


def test_many_pictures_get_the_answers_of_single_ones(recogniser: Recogniser) -> None:
    pictures = [sketch(scale=scale) for scale in (0.8, 1.0, 1.3)]

    together = recogniser.predict_many(pictures)

    for picture, answer in zip(pictures, together, strict=True):
        assert isinstance(answer, Prediction)
        alone = recogniser.predict(picture)
        assert answer.label == alone.label
        assert answer.confidence == pytest.approx(alone.confidence, abs=1e-5)


def test_no_pictures_get_no_answers(recogniser: Recogniser) -> None:
    assert recogniser.predict_many([]) == []


def test_several_digits_are_refused_as_several_alone_and_among_others(
    recogniser: Recogniser,
) -> None:
    one = np.asarray(sketch(scale=1.0, corner=(60, 60)))
    two = np.hstack([one, one])

    alone = recogniser.predict(two)
    among = recogniser.predict_many([one, two, one])

    assert (alone.several, alone.is_digit, alone.sure) == (2, False, False)
    assert [p.several for p in among if isinstance(p, Prediction)] == [None, 2, None]
    assert [p.is_digit for p in among if isinstance(p, Prediction)] == [True, False, True]


def test_a_long_list_is_read_batch_by_batch_and_in_order(recogniser: Recogniser) -> None:
    taken: list[int] = []
    read: list[int] = []
    blank = np.zeros((280, 280), np.uint8)

    def pictures() -> Iterator[Image.Image | np.ndarray]:
        for number in range(2 * BATCH + 3):
            taken.append(number)
            yield blank if number == BATCH else sketch(width=8 + number % 9)

    for answer in recogniser._answer(pictures(), prepare_and_count):
        read.append(len(taken))
        assert isinstance(answer, NoInk if len(read) - 1 == BATCH else Prediction)

    # No more is held at a time than one batch: the next is taken once the last was handed out.
    assert read == [BATCH] * BATCH + [2 * BATCH] * BATCH + [2 * BATCH + 3] * 3


def test_a_prediction_says_where_the_network_looked(recogniser: Recogniser) -> None:
    prediction = recogniser.predict(sketch())

    assert (prediction.heat.shape, prediction.heat.dtype) == ((28, 28), np.uint8)
    assert prediction.heat.max() == 255
    assert prediction.heat.std() > 12


def test_threads_change_no_answer(recogniser: Recogniser) -> None:
    inks = np.stack([prepare(sketch(scale=0.8 + i / 20)) for i in range(8)])
    several = Recogniser.load(DEFAULT_WEIGHTS, threads=2)

    assert np.allclose(several.probabilities(inks), recogniser.probabilities(inks), atol=1e-6)


def test_a_graph_that_cannot_run_is_named() -> None:
    with pytest.raises(BadWeights, match=r"ONNX Runtime .* cannot run these weights"):
        Recogniser(b"no graph at all", CARD)


def test_what_cannot_be_read_is_never_guessed(recogniser: Recogniser) -> None:
    with pytest.raises(NoInk):
        recogniser.predict(Image.new("RGBA", (280, 280), (0, 0, 0, 255)))


def test_without_a_path_the_environment_names_the_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = write_like(tmp_path / "own.safetensors", temperature=1.5)

    monkeypatch.setenv("WEIGHTS", str(tmp_path / "own.safetensors"))
    assert Recogniser.load().card == saved
    monkeypatch.setenv("WEIGHTS", str(tmp_path / "own.onnx"))
    assert Recogniser.load().card == saved

    monkeypatch.setenv("WEIGHTS", str(tmp_path / "missing.safetensors"))
    with pytest.raises(WeightsNotFound, match=r"missing\.safetensors"):
        Recogniser.load()


def test_several_threads_may_share_a_recogniser(recogniser: Recogniser) -> None:
    pictures = [sketch(scale=0.8 + i / 20) for i in range(8)]
    expected = [recogniser.predict(picture).confidence for picture in pictures]
    found: dict[int, float] = {}

    def read(place: int) -> None:
        found[place] = recogniser.predict(pictures[place]).confidence

    threads = [threading.Thread(target=read, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[place] for place in range(8)] == pytest.approx(expected, abs=1e-6)


@pytest.mark.data
def test_mnist_as_pictures_reads_as_well_as_mnist_as_tensors(
    recogniser: Recogniser, datasets: Path
) -> None:
    images, labels = mnist_test(datasets)

    as_tensors = np.concatenate(
        [recogniser.probabilities(images[i : i + 1000]) for i in range(0, 10_000, 1000)]
    )
    accuracy = np.mean(as_tensors.argmax(axis=1) == labels)

    for pictures in (images, 255 - images):
        right = as_tensors.argmax(axis=1) == labels
        # What comes out of preparation as it went in is read as the tensor is.
        inks = stack([prepare_any(picture) for picture in pictures])
        changed = np.flatnonzero((inks != images).any(axis=(1, 2)))
        for place, answer in zip(changed, recogniser.predict_many(pictures[changed]), strict=True):
            right[place] = isinstance(answer, Prediction) and answer.label == str(labels[place])
        assert right.mean() >= accuracy - 0.001


@pytest.mark.data
def test_photographed_digits_are_read_in_shadow(recogniser: Recogniser, datasets: Path) -> None:
    images, labels = mnist_test(datasets)
    rng = np.random.default_rng(0)

    photos = [photograph(image, rng) for image in images[:150]]
    answers = recogniser.predict_many(photos)

    right = sum(
        isinstance(answer, Prediction) and answer.label == str(label)
        for answer, label in zip(answers, labels[:150], strict=True)
    )
    assert right >= 143  # 95 %; the same digits as they are: 148


def mnist_test(datasets: Path) -> tuple[np.ndarray, np.ndarray]:
    raw = datasets / "MNIST" / "raw"
    images = np.frombuffer((raw / "t10k-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((raw / "t10k-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    return images.reshape(-1, 28, 28), labels
