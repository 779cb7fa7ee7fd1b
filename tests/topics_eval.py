"""How well topics are assigned: measured on labelled papers, by the raw text alone.

    python -m tests.topics_eval --shared FOLDER [--fit]

Three sets of papers, each told apart because they are worth different things: 68 of the demo that
two readers labelled (phrases were first written with their titles known, so cross-validation
flatters), papers of a large corpus read by one reader to widen the vocabulary and to fit the
weights (READ), and a sample of the demo that was labelled after all rules were frozen and before
their output was seen (UNSEEN). The last estimates unread papers of the demo, and flatters, too:
whoever first wrote the vocabulary knew their titles. Once somebody edits rules after looking at
that sample, it is one more training set, and a new one must be drawn.

`--fit` also prints the weights of `generator.topics` as the labelled papers ask for them.
Known weakness: READ and UNSEEN have one reader, the judged labels are those of two who agree.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from math import exp
from pathlib import Path
from typing import NamedTuple

import click

from generator import topics
from generator.cli.surroundings import today
from generator.load import Means, Order, load
from generator.model import Paper
from generator.toml import Toml

CONTENT = Path(__file__).parent.parent / "content"

# Papers of the corpus as one reader labelled them: the key, and the topics if any.
READ = """
NEURIPS2018_16026d60 natural-language-processing
NIPS2016_2823f479 pruning
NIPS2016_eb86d510 generative-models multimodal-learning weakly-supervised-learning
Richter-RSS-17 robotics uncertainty-estimation
alemi2017deep deep-learning-theory
berriel2019budgetaware transfer-learning multi-task-learning
cao2018poserobust image-classification
chen2020learning-4 representation-learning
choi2020posemesh 3d-vision graph-learning
corneanu2018deep image-classification
dai2017recurrent
dehghani-etal-2021-embedding natural-language-processing multi-task-learning
dosovitskiy2015learning generative-models
duran2016initial robotics
gehrig2019endtoend representation-learning
goeddel2016learning robotics
haik2020novel object-detection
huang-etal-2021-three natural-language-processing
huang2025revisiting ai-security
hubermanspiegelglas2022single object-detection data-selection
ignatov2017dslrquality image-restoration benchmark-dataset
ijcai2020p315
ijcai2020p358 pruning automl
ijcai2021p291 graph-learning deep-learning-theory
ijcai2021p409 explainable-ai convolutional-neural-networks
ijcai2022p861 image-classification
ijcai2023p138 image-restoration multi-task-learning
ijcai2023p488 automl
ijcai2023p518 graph-learning
ijcai2024p12
ionescu2016hard cognitive-neuroscience
kang2014convolutional convolutional-neural-networks
kawaharazuka2019dynamic robotics
kwon2020motionsqueeze video-understanding
li2018selfsupervised information-retrieval multimodal-learning
lin2015learning information-retrieval representation-learning
lin2020learning image-restoration video-understanding
liu2019flownetd 3d-vision
liu2019probabilistic uncertainty-estimation
liu2022spikeconverter bio-inspired-learning
liu2024detecting video-understanding
liu2025perfect graph-learning deep-learning-theory
luo2017unsupervised self-supervised-learning video-understanding
makwana2024livenet image-restoration
mescheder2019occupancy 3d-vision
mital2023neural
mitrokhin2019evimo benchmark-dataset image-segmentation
morgado2017semantically few-shot-learning
oh2019speechface speech-and-audio multimodal-learning
oquab2014learning transfer-learning representation-learning convolutional-neural-networks
pmlr-v108-lu20b uncertainty-estimation deep-learning-theory
pmlr-v115-peharz20a generative-models
pmlr-v161-jaeckle21a adversarial-robustness graph-learning
pmlr-v180-song22a few-shot-learning graph-learning
pmlr-v189-huang23a data-augmentation medical-imaging
pmlr-v206-clarte23a uncertainty-estimation deep-learning-theory
pmlr-v206-lee23c
pmlr-v206-nikolentzos23c graph-learning
pmlr-v216-zou23a data-augmentation generalization
pmlr-v222-yang24a quantization
pmlr-v48-gilad-bachrach16 ai-security
pmlr-v97-li19m continual-learning automl
pmlr-v97-nacson19a deep-learning-theory
pmlr-v97-suter19a representation-learning
pmlr-v97-yu19a graph-learning generative-models
poelman-etal-2022-transparent natural-language-processing
saito2023structured robotics
seemakurthy2023domain domain-adaptation object-detection
tachikake2020learningbased robotics synthetic-data
tang2017multiple object-detection video-understanding
tang2019learningbased image-segmentation
windau2018inertial
wu-etal-2022-text data-augmentation natural-language-processing
xie2015holisticallynested image-segmentation
xiong2019mixed
ye2023learning graph-learning
zeng2019towards object-detection benchmark-dataset
zhang2020motionexcited adversarial-robustness video-understanding
zhao2023differentiable robotics multimodal-learning
zhou2019prioraware image-segmentation medical-imaging weakly-supervised-learning
zhou2019relation object-detection
"""

# Papers of the demo that no rule was written on, as one reader labelled them: how the
# abstract begins, and the topics. Drawn by `random.Random(160).sample` from the 160 in the order
# of their abstracts.
UNSEEN = """
Deep learning methods are achieving ever-increasin | explainable-ai graph-learning survey benchmark-dataset
To adopt convolutional neural networks (CNN) for a | quantization automl
Post-training quantization (PTQ) has been gaining | quantization
Recently, the idea of using FP8 as a number format | quantization edge-ai
Diagrams matter. Unfortunately, the deep learning | deep-learning-theory
We report a series of deep learning models to solv | diffusion-models ml-for-science transformers
Power-law scaling indicates that large-scale train | data-selection efficient-training
Training a large-scale deep neural network in a la | optimization image-segmentation efficient-training
The success of supervised deep learning methods is | speech-and-audio transformers representation-learning
Training state-of-the-art, deep neural networks is | optimization efficient-training
How do humans learn language, and can the first la | large-language-models cognitive-neuroscience
Spiking Neural Networks (SNNs) are energy efficien | bio-inspired-learning
The performance of Deep Neural Networks (DNNs) kee | model-compression
Adversarial training is exploited to develop a rob | adversarial-robustness efficient-training
Locality-sensitive hashing (LSH) is a fundamental | information-retrieval
Deep learning has yielded state-of-the-art perform | data-selection natural-language-processing
Neural Architecture Search (NAS) has been widely a | automl multi-task-learning
Breast density estimation is one of the key tasks | medical-imaging
In distributed deep learning with data parallelism | distributed-learning optimization generalization
Visual perspective taking (VPT) is the ability to | benchmark-dataset 3d-vision cognitive-neuroscience
Starting with early successes in computer vision t | benchmark-dataset image-classification
Sparsely-gated Mixture of Expert (MoE), an emergin | adversarial-robustness dynamic-networks convolutional-neural-networks
To date, most existing self-supervised learning me | self-supervised-learning contrastive-learning image-segmentation
Recent advancements in Deep Neural Network (DNN) m | self-supervised-learning data-augmentation efficient-training
The difficulty of deploying various deep learning | ml-systems survey
Methods for carefully selecting or generating a sm | data-selection efficient-training
Low-quality or scarce data has posed significant c | synthetic-data diffusion-models data-selection
Modern deep neural networks have achieved impressi | deep-learning-theory
Graph neural networks (GNNs) are a popular class o | graph-learning
Along with the recent development of deep neural n | domain-adaptation 3d-vision synthetic-data
"""  # noqa: E501


class Labelled(NamedTuple):
    """A paper's title and abstract, and the topics that readers gave it."""

    title: str
    abstract: str
    given: frozenset[str]


class Hits(NamedTuple):
    """Topics rightly given, wrongly given and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """Micro-averaged: all topics of all papers in one count."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        return f"F1 {self.f1:.3f} (precision {precision:.2f}, recall {recall:.2f}; {tuple(self)})"


# --- measuring ----------------------------------------------------------------------------------


def hits(papers: Iterable[Labelled], vocabulary: topics.Vocabulary) -> Hits:
    """What the site's own rules give, against what the readers gave."""
    counts = [0, 0, 0]
    for title, abstract, given in papers:
        found = {each.slug for each in topics.assign(title, abstract, (), (), vocabulary)}
        for place, few in enumerate((found & given, found - given, given - found)):
            counts[place] += len(few)
    return Hits(*counts)


# --- fitting ------------------------------------------------------------------------------------

# A topic that some text speaks for: its signs in the order of the weights, and whether it is given.
Case = tuple[Sequence[float], bool]

_SHRINK = 3.0  # pull on each weight towards 0; 1 to 4 make no difference that shows
_STEPS = 8  # of Newton's method; after six the second decimal stays
_FOLDS = 8


def cases(paper: Labelled, vocabulary: topics.Vocabulary, elsewhere: float) -> list[Case]:
    """One case for each topic that the paper speaks for.

    `elsewhere` is 1 for papers of another collection, read by another reader, so that a stricter
    hand there does not move the weights: the fit gives it a weight of its own, dropped later.
    """
    signs = topics.signs(paper.title, paper.abstract, vocabulary)
    return [
        ([float(value) for value in each.values()] + [elsewhere], slug in paper.given)
        for slug, each in sorted(signs.items())
    ]


def fitted(training: Sequence[Case]) -> list[float]:
    """The weights of a logistic regression, to two places, without that of `elsewhere`."""
    size = len(training[0][0])
    weights = [0.0] * size
    for _ in range(_STEPS):
        slope = [_SHRINK * weight if number else 0.0 for number, weight in enumerate(weights)]
        bend = [[_SHRINK * (row == column) for column in range(size)] for row in range(size)]
        for signs, given in training:
            chance = 1 / (1 + exp(-sum(map(_times, weights, signs))))
            shown = [number for number, sign in enumerate(signs) if sign]
            for row in shown:
                slope[row] += (chance - given) * signs[row]
                for column in shown:
                    bend[row][column] += chance * (1 - chance) * signs[row] * signs[column]
        weights = [old - step for old, step in zip(weights, _solved(bend, slope), strict=True)]
    return [round(weight, 2) for weight in weights[:-1]]


def _times(one: float, other: float) -> float:
    return one * other


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The x of matrix · x = right, by elimination; the matrix is positive definite."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for pivot in range(size):
        for below in range(pivot + 1, size):
            share = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [a - share * b for a, b in zip(rows[below], rows[pivot], strict=True)]
    solution = [0.0] * size
    for place in reversed(range(size)):
        known = sum(rows[place][other] * solution[other] for other in range(place + 1, size))
        solution[place] = (rows[place][size] - known) / rows[place][place]
    return solution


def cross_validated(
    papers: Sequence[Labelled], more: Sequence[Case], vocabulary: topics.Vocabulary, seed: int
) -> Hits:
    """Each eighth of the papers judged by weights fitted on the rest of them and on `more`."""
    order = random.Random(seed).sample(range(len(papers)), len(papers))  # noqa: S311  no secret
    counts = [0, 0, 0]
    for fold in range(_FOLDS):
        held = set(order[fold::_FOLDS])
        rest = [paper for number, paper in enumerate(papers) if number not in held]
        training = [case for paper in rest for case in cases(paper, vocabulary, 0)]
        weights = fitted([*training, *more])
        for number in sorted(held):
            signs = topics.signs(papers[number].title, papers[number].abstract, vocabulary)
            found = {
                slug
                for slug, each in signs.items()
                if each["decisive"] or sum(map(_times, weights, each.values())) >= topics.ENOUGH
            }
            given = papers[number].given
            for place, few in enumerate((found & given, found - given, given - found)):
                counts[place] += len(few)
    return Hits(*counts)


# --- reading the papers -------------------------------------------------------------------------


def raw_papers() -> list[Paper]:
    """The demo's papers as its text files alone tell them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in sorted(CONTENT.glob("*.txt")):
            (folder / file.name).write_bytes(file.read_bytes())
        return _papers(folder)


def corpus_papers(packed: Path, keys: Iterable[str]) -> dict[str, Paper]:
    """The entries of a packed .bib with these keys, by key."""
    wanted = set(keys)
    entries = lzma.decompress(packed.read_bytes()).decode("utf-8").split("\n@")
    chosen = [entry for entry in entries if entry.partition("{")[2].partition(",")[0] in wanted]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "read.bib").write_text("\n".join(f"@{entry}" for entry in chosen), "utf-8")
        return {paper.key: paper for paper in _papers(folder)}


def _papers(folder: Path) -> list[Paper]:
    order = Order((folder,), folder / "site", today())
    library = load(order, Means()).library
    return list(library.papers)


def labelled(papers: Iterable[Paper], labels: Mapping[str, frozenset[str]]) -> list[Labelled]:
    """The papers whose abstract begins with one of the labels' texts."""
    return [
        Labelled(paper.title, paper.abstract, given)
        for paper in papers
        for start, given in labels.items()
        if " ".join(paper.abstract.split()).startswith(start)
    ]


def table(lines: str, gap: str) -> dict[str, frozenset[str]]:
    """READ and UNSEEN: what stands before the gap → the topics after it."""
    rows = [line.partition(gap) for line in lines.strip().splitlines()]
    return {start.strip(): frozenset(slugs.split()) for start, _, slugs in rows}


def main() -> None:
    """Print what is measured; see the module's docstring."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    vocabulary = topics.load(
        Toml("topics.toml", tomllib.loads((CONTENT / "topics.toml").read_text("utf-8")))
    )
    raw = raw_papers()
    readers = json.loads((given.shared / "topics" / "labelled.json").read_text("utf-8"))
    seeds = labelled(
        raw,
        {
            " ".join(each["abstract_prefix"].split())[:60]: frozenset(each["both"])
            for each in readers
        },
    )
    unseen = labelled(raw, table(UNSEEN, " | "))
    click.echo(f"{len(seeds)} seeds, as both readers labelled them: {hits(seeds, vocabulary)}")
    click.echo(f"{len(unseen)} unseen, by one reader: {hits(unseen, vocabulary)}")

    read = table(READ, " ")
    corpus = corpus_papers(given.shared / "corpus" / "papers-10k.bib.xz", read)
    others = [Labelled(corpus[k].title, corpus[k].abstract, read[k]) for k in read if k in corpus]
    click.echo(f"{len(others)} of the corpus, by one reader: {hits(others, vocabulary)}")
    if given.fit:
        more = [case for paper in others for case in cases(paper, vocabulary, 1)]
        for seed in range(3):
            crossed = cross_validated(seeds, more, vocabulary, seed)
            click.echo(f"seeds, cross-validated (seed {seed}): {crossed}")
        own = [case for paper in seeds for case in cases(paper, vocabulary, 0)]
        names = topics.signs(seeds[0].title, seeds[0].abstract, vocabulary).popitem()[1]
        click.echo(str(dict(zip(names, fitted([*own, *more]), strict=True))))


if __name__ == "__main__":
    main()
