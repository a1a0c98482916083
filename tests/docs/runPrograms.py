"""Runs programs against Pulumi's mocks, and prints a JSON list of their errors.

Argument: a JSON file with `schema`, the package's schema, and `blocks`, each with `location` and `code`.

The mocks answer with every output of the schema, so that a program that reads an output that does not exist fails. They
refuse arguments that the schema does not have, also within nested ones, which Python itself would pass on.
"""

import json
import re
import sys
import traceback

import pulumi

with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
schema = given["schema"]
exports = []
refused = []


def resolve(spec):
    """The definition of a type, with `properties` if it is an object."""
    name = spec.get("$ref", "").removeprefix("#/types/")
    return schema["types"][name] if name else spec


def make_sample(spec):
    """A value of a type, with all that it can have."""
    spec = resolve(spec)
    if "enum" in spec:
        return spec["enum"][0]["value"]
    if "properties" in spec:
        return {name: make_sample(each) for name, each in spec["properties"].items()}
    if spec.get("type") == "array":
        return [make_sample(spec["items"])]
    if spec.get("type") == "object":
        return {"name": make_sample(spec["additionalProperties"])}
    return {"string": "text", "integer": 1, "number": 1.5, "boolean": True}[spec["type"]]


def check_names(value, properties, where):
    """Refuses names in an object that are not among `properties`."""
    for name, each in value.items():
        if name not in properties:
            refused.append(f"{where} has no argument {name}")
            continue
        spec = resolve(properties[name])
        parts = each if isinstance(each, list) else [each]
        spec = resolve(spec["items"]) if "items" in spec else spec
        for part in parts:
            if isinstance(part, dict) and "properties" in spec:
                check_names(part, spec["properties"], f"{where}, {name}")


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        if args.typ == f"pulumi:providers:{schema['name']}":
            spec = schema["provider"]
        else:
            spec = schema["resources"][args.typ]
        check_names(args.inputs, spec["inputProperties"], args.typ)
        return ["id", make_sample({"properties": spec.get("properties", {})}) | args.inputs]

    def call(self, args):
        spec = schema["functions"][args.token]
        check_names(args.args, spec["inputs"]["properties"], args.token)
        return make_sample(spec["outputs"])


@pulumi.runtime.test
def run(block):
    """Runs a program until all resources and exports of it are known."""
    keys = re.findall(r'\.(?:require|get)\w*\("(\w+)"', block["code"])
    pulumi.runtime.set_all_config({f"project:{key}": "text" for key in keys})
    exports.clear()
    exec(compile(block["code"], block["location"], "exec"), {"__name__": "__main__"})
    return pulumi.Output.all(*exports)


def describe(error, location):
    """An error, with the last line of the program that led to it."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == location]
    row = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else 0
    return f"{location}, line {row}: {type(error).__name__}: {error}"


def check(block):
    refused.clear()
    try:
        run(block)
    except Exception as error:
        return [describe(error, block["location"])]
    return [f"{block['location']}, line 0: {each}" for each in refused]


pulumi.runtime.set_mocks(Mocks())
pulumi.export = lambda name, value: exports.append(value)
print(json.dumps([error for block in given["blocks"] for error in check(block)]))
