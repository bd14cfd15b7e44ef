"""Reads reports of the demo and an account that was not reached, with readers that are not ours and prints what they saw.

Usage: readers.py FOLDER, which holds one report of each format, named for it.
Fails where a reader refuses a report. Prints one JSON object: by format, how many
failures, findings that were not assessed (the account among them) and passes it read.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

import botocore.session
from botocore.validate import ParamValidator
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding


def counted(outcomes):
    counts = Counter(outcomes)
    return {name: counts[name] for name in ("fail", "not-assessed", "pass")}


def read_csv(file):
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    assert all(None not in row and None not in row.values() for row in rows), "a row is longer or shorter than the header"
    return counted(row["outcome"] for row in rows)


def read_junit(file):
    suites = JUnitXml.fromfile(str(file))
    cases = [case for suite in suites for case in suite]
    assert (suites.tests, suites.failures, suites.skipped, suites.errors) == (
        len(cases),
        sum(case.is_failure for case in cases),
        sum(case.is_skipped for case in cases),
        sum(case.is_error for case in cases),
    ), "the counts of the suites differ from their cases"
    return counted("fail" if case.is_failure else "not-assessed" if case.is_skipped or case.is_error else "pass" for case in cases)


def read_markdown(file):
    """Tables only hold when each row has the columns of its head."""
    tokens = MarkdownIt("commonmark").enable("table").parse(file.read_text(encoding="utf-8"))
    title, rows = None, Counter()
    for token, inner in zip(tokens, tokens[1:]):
        if token.type == "heading_open":
            title = inner.content
        rows[title] += token.type == "tr_open"
    assert not any(token.type == "html_block" for token in tokens), "a text became markup"
    return {"fail": rows["Failures"] - 1, "not-assessed": rows["Not assessed"] - 1 + rows["Not reached"] - 1}


def read_ocsf(file):
    events = [ComplianceFinding.model_validate(event) for event in json.loads(file.read_text(encoding="utf-8"))]
    assert all(event.class_uid == 2003 and event.type_uid == 200301 for event in events)
    outcomes = {1: "pass", 2: "not-assessed", 3: "fail"}
    return counted(outcomes[event.compliance.status_id] for event in events)


def read_asff(file):
    """Against the shape that Security Hub's own API documents."""
    findings = json.loads(file.read_text(encoding="utf-8"))
    model = botocore.session.get_session().get_service_model("securityhub")
    shape = model.operation_model("BatchImportFindings").input_shape
    for start in range(0, len(findings), 100):
        problems = ParamValidator().validate({"Findings": findings[start : start + 100]}, shape)
        assert not problems.has_errors(), problems.generate_report()
    outcomes = {"PASSED": "pass", "NOT_AVAILABLE": "not-assessed", "FAILED": "fail"}
    return counted(outcomes[finding["Compliance"]["Status"]] for finding in findings)


READERS = {"csv": read_csv, "junit": read_junit, "markdown": read_markdown, "ocsf": read_ocsf, "asff": read_asff}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(json.dumps({name: read(folder / name) for name, read in READERS.items()}))
