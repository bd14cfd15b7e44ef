"""Validates the manifests of docs/recipes and prints what they run, as JSON: for each scheduler the
arguments and the environment of every collecting run, and of the judging one.

Kubernetes' manifests are held against its own schemas, AWS Batch's against botocore's model of it.
"""

import json
import pathlib
import re

import botocore.session
import botocore.validate
import kubernetes_validate
import yaml

FOLDER = pathlib.Path(__file__).parent.parent / "docs" / "recipes"
KUBERNETES = "1.37"


def kubernetes(name):
    """The job of a file, all of whose objects are valid."""
    objects = list(yaml.safe_load_all((FOLDER / name).read_text()))
    for value in objects:
        kubernetes_validate.validate(value, KUBERNETES, strict=True)
    (job,) = (value for value in objects if value["kind"] == "Job")
    return job["spec"]


def pod(job, index=None):
    """What a pod of the job runs: its arguments expanded as the kubelet does."""
    (container,) = job["template"]["spec"]["containers"]
    environment = {variable["name"]: variable["value"] for variable in container.get("env", [])}
    if index is not None:
        environment["JOB_COMPLETION_INDEX"] = str(index)
    expanded = [re.sub(r"\$\((\w+)\)", lambda name: environment[name[1]], text) for text in container["command"] + container["args"]]
    return {"arguments": expanded, "environment": environment}


def batch(name, operation):
    """The parameters of a call to AWS Batch, which its model takes."""
    model = botocore.session.get_session().get_service_model("batch").operation_model(operation)
    parameters = json.loads((FOLDER / name).read_text())
    report = botocore.validate.ParamValidator().validate(parameters, model.input_shape)
    assert not report.has_errors(), report.generate_report()
    return parameters


def container(job, index=None, size=None):
    """What a container of the job runs."""
    environment = {} if index is None else {"AWS_BATCH_JOB_ARRAY_INDEX": str(index), "AWS_BATCH_JOB_ARRAY_SIZE": str(size)}
    return {"arguments": job["containerOverrides"]["command"], "environment": environment}


def main():
    collect, judge = kubernetes("kubernetes-collect.yaml"), kubernetes("kubernetes-judge.yaml")
    batch("aws-batch-job-definition.json", "RegisterJobDefinition")
    array, last = batch("aws-batch-collect.json", "SubmitJob"), batch("aws-batch-judge.json", "SubmitJob")
    size = array["arrayProperties"]["size"]
    print(json.dumps({
        "kubernetes": {"collect": [pod(collect, index) for index in range(collect["completions"])], "judge": pod(judge)},
        "batch": {"collect": [container(array, index, size) for index in range(size)], "judge": container(last)},
    }))


if __name__ == "__main__":
    main()
