"""Runs a list of actions with the official client. Reads JSON from standard input and writes JSON to standard output.

Input: {"config": the client's own configuration, "steps": [{"method", "arguments"}]}. The text "{N.Field}" inside
an argument stands for that field of the answer to step N.
Output: the answer, or {"error": {"type", "code"}}, for each step. It stops at the first error.
"""

import json
import logging
import re
import sys

from ucloud.client import Client
from ucloud.core import exc


def resolve(value, answers):
    if not isinstance(value, str):
        return value
    return re.sub(r"\{(\d+)\.(\w+)\}", lambda match: answers[int(match[1])][match[2]], value)


def run_step(umem, step, answers):
    arguments = {name: resolve(value, answers) for name, value in step["arguments"].items()}
    try:
        return getattr(umem, step["method"])(arguments)
    except exc.RetCodeException as error:
        return {"error": {"type": type(error).__name__, "code": error.code}}


def main():
    task = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    umem = Client(task["config"]).umem()
    answers = []
    for step in task["steps"]:
        answers.append(run_step(umem, step, answers))
        if "error" in answers[-1]:
            break
    json.dump(answers, sys.stdout)


main()
