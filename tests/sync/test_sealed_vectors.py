"""The sealed record by two verifiers that share no code: the program's own, and the second one of the document."""

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from app.domain.edition_code import PageCode, SealCode, digits_of, read_code, signed_words
from app.domain.edition_file import read_record_file
from app.ports import Signature
from db.seal import DeviceSeal
from sync.vectors.make_sealed import FOLDER, everything

ROOT = Path(__file__).resolve().parents[2]
SECOND = ROOT / "sync" / "vectors" / "second_verifier.py"
VECTORS = [vector for file in sorted(FOLDER.glob("*.json")) for vector in json.loads(file.read_text("utf-8"))]
RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
)


@pytest.fixture(scope="module")
def second():
    spec = importlib.util.spec_from_file_location("second_verifier", SECOND)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(vector):
    """Return what the program makes of a vector by itself, without a home."""
    seal = DeviceSeal(None)
    if vector["kind"] == "digits":
        return digits_of(vector["input"])
    if vector["kind"] == "file":
        found = read_record_file(vector["input"].encode("utf-8", "surrogatepass"))
        return "good" if found and found.is_whole() and holds(seal, found.code) else "bad"
    code = read_code(vector["input"])
    if isinstance(code, SealCode):
        return "good" if holds(seal, code) else "bad"
    return "good" if isinstance(code, PageCode) else "none"


def holds(seal, code):
    words = signed_words(code.sitting_id, code.version, code.digest)
    return seal.holds(words, Signature(code.device_key, code.signature))


def test_there_are_enough_vectors_and_most_of_them_are_bad():
    counts = Counter(vector["expect"] in ("bad", "none") for vector in VECTORS)

    assert len(VECTORS) >= 120
    assert counts[True] >= 80
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


def test_the_vectors_are_what_their_script_makes():
    assert sorted(map(str, everything())) == sorted(map(str, VECTORS))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_both_verifiers_say_what_is_expected(vector, second):
    assert (ours(vector), second.judged(vector)) == (vector["expect"], vector["expect"])


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_second_verifier_knows_the_signatures_of_the_standard(key, message, signature, second):
    told = (bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))

    assert second.signature_holds(*told)
    assert not second.signature_holds(told[0], told[1] + b"x", told[2])


def test_the_second_verifier_shares_no_code_and_is_short():
    lines = SECOND.read_text("utf-8").splitlines()
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}

    assert imported <= set(sys.stdlib_module_names)
    assert len(lines) < 300
