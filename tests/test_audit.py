"""What `.ci/audit` says when a vulnerability service answers, knows too little, or cannot be reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).resolve().parent.parent / ".ci" / "audit"
CLEAN: dict[str, object] = {"vulns": []}
FAULT = {"vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"]}]}


@pytest.fixture
def audit(tmp_path: Path):
    """Run it over two pins, with a stand-in for pip-audit that answers what each service is given here."""
    (tmp_path / "constraints.txt").write_text("one==1.0\nTwo.x==1.5  # a comment\n", "utf-8")
    program = (
        "import json, os, sys\n"
        "service = sys.argv[sys.argv.index('--vulnerability-service') + 1]\n"
        "wanted = open(sys.argv[sys.argv.index('--requirement') + 1]).read().split()\n"
        "answers = json.loads(os.environ['ANSWERS']).get(service)\n"
        "if answers is None:\n"
        "    sys.exit('a trace\\nNameResolutionError: ' + service)\n"
        "parts = [line.split('==') for line in wanted]\n"
        "unknown = {'skip_reason': 'not found'}\n"
        "found = [{'name': n, 'version': v, **answers.get(n, unknown)} for n, v in parts]\n"
        "print(json.dumps({'dependencies': found}))\n"
    )
    (tmp_path / "pip_audit.py").write_text(program, "utf-8")

    def run(**answers: dict[str, object] | None) -> tuple[int, str]:
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "ANSWERS": json.dumps(answers)}
        # -S: nothing but the two pins is installed for it.
        done = subprocess.run(
            [sys.executable, "-S", AUDIT],
            check=False,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    return run


def test_what_a_service_knows_no_fault_of_passes(audit) -> None:
    assert audit(pypi={"one": CLEAN, "two-x": CLEAN}) == (
        0,
        "audit: 2 of 2 dependencies audited, 0 known vulnerabilities\n",
    )


def test_a_known_vulnerability_fails_with_the_version_that_mends_it(audit) -> None:
    code, said = audit(pypi={"one": FAULT, "two-x": CLEAN})
    assert code == 1
    assert said.splitlines()[0] == "audit: one 1.0: PYSEC-1, fixed in 2.0"


def test_the_other_service_is_asked_for_what_the_index_does_not_know(audit) -> None:
    code, said = audit(pypi={"one": CLEAN}, osv={"two-x": FAULT})
    assert code == 1
    assert said.splitlines()[-1] == "audit: 2 of 2 dependencies audited, 1 known vulnerabilities"


def test_what_nobody_knows_is_named_and_not_counted_as_audited(audit) -> None:
    assert audit(pypi={"one": CLEAN}) == (
        0,
        "audit: the package index knows nothing of 1 of 2\n"
        "audit: OSV: NameResolutionError: osv\n"
        "audit: 1 of 2 dependencies audited, 0 known vulnerabilities\n"
        "audit: NOT audited: two-x\n",
    )


def test_where_no_service_knows_anything_nothing_is_called_audited(audit) -> None:
    assert audit() == (
        0,
        "audit: the package index: NameResolutionError: pypi\n"
        "audit: OSV: NameResolutionError: osv\n"
        "audit: NOT DONE: none of 2 dependencies could be audited from this machine\n",
    )
