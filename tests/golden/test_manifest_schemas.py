"""`schemas/` and the reference are made from the declarations; `make schemas` writes them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.rigs.manifests import APP, CONNECTION, CONNECTOR, changed

from handrail.language.manifest import KINDS, ManifestInvalid, manifest_schema, parse_manifest, reference, schema_text

ROOT = Path(__file__).parents[2]
ALL = {"App": APP, "Connector": CONNECTOR, "Connection": CONNECTION}


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_schema_in_the_repository_is_the_declared_one(kind: str) -> None:
    assert (ROOT / "schemas" / f"{kind.lower()}.schema.json").read_text() == schema_text(kind)


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_reference_has_the_declared_tables(kind: str) -> None:
    assert reference(kind) in (ROOT / "docs" / "reference" / "manifests.md").read_text()


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_schema_is_a_schema_and_takes_the_examples(kind: str) -> None:
    schema = manifest_schema(kind)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(ALL[kind])


@pytest.mark.parametrize(
    ("kind", "pointer", "value"),
    [
        ("App", "/spec/owner", ...),
        ("App", "/spec/egress", ["https://x"]),
        ("App", "/spec/constants", {"a": []}),
        ("Connector", "/spec/colour", "red"),
        ("Connector", "/spec/version", "1"),
        ("Connector", "/spec/operations/0/path", "/a/../b"),
        ("Connector", "/spec/operations/0/path", "/a//b"),
        ("Connector", "/spec/operations/0/method", "get"),
        ("Connection", "/spec/upstream", "https://u:p@x"),
        ("Connection", "/spec/network", "internal"),
        ("Connection", "/metadata/title", "x"),
    ],
)
def test_what_the_schema_refuses_the_parser_refuses(kind: str, pointer: str, value: object) -> None:
    document = changed(ALL[kind], pointer, value)
    assert not Draft202012Validator(manifest_schema(kind)).is_valid(document)
    with pytest.raises(ManifestInvalid):
        parse_manifest(json.dumps(document))


def test_the_docs_examples_are_taken() -> None:
    text = (ROOT / "docs" / "reference" / "manifests.md").read_text()
    examples = [block.partition("```")[0] for block in text.split("```yaml\n")[1:]]
    kinds = {type(parse_manifest(example)).__name__ for example in examples}
    assert kinds == {"AppManifest", "ConnectorManifest", "ConnectionManifest"}
