"""Runs AWS CLI commands and boto3 calls in one process: one JSON request a line in, one JSON answer a line out."""

import contextlib
import io
import json
import os
import sys

import boto3
import botocore.exceptions
from awscli.clidriver import create_clidriver


cli = create_clidriver()
loader = cli.session.get_component("data_loader")


def run_cli(args):
    """In a fork each: a command leaves its handlers behind, and a fresh CLI would read its large models anew."""
    with contextlib.suppress(Exception):
        loader.load_service_model(args[0], "service-2")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as answer:
            json.dump(run_command(args), answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        result = json.load(answer)
    os.waitpid(child, 0)
    return result


def run_command(args):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in "oe")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.main(args)
        except SystemExit as end:
            code = end.code
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]
    if code != 0:
        return {"error": said[1].strip() or f"exit code {code}"}
    try:
        return {"answer": json.loads(said[0] or "{}")}
    except json.JSONDecodeError:
        return {"answer": {"text": said[0]}}


clients = {}


def run_boto3(service, operation, params):
    if service not in clients:
        clients[service] = boto3.client(service)
    client = clients[service]
    try:
        if client.can_paginate(operation):
            answer = client.get_paginator(operation).paginate(**params).build_full_result()
        else:
            answer = getattr(client, operation)(**params)
    except botocore.exceptions.ClientError as refused:
        return {"error": refused.response["Error"]["Code"]}
    answer.pop("ResponseMetadata", None)
    return {"answer": answer}


for line in sys.stdin:
    request = json.loads(line)
    try:
        result = (
            run_cli(request["aws"])
            if "aws" in request
            else run_boto3(request["service"], request["operation"], request["params"])
        )
    except Exception as failed:  # Whatever goes wrong is that row's failure, and the next row is tried.
        result = {"error": repr(failed)}
    print(json.dumps(result, default=str), flush=True)
