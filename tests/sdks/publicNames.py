"""Prints, as JSON, what the Python SDK has: the arguments of functions and resources, and properties of classes."""

import enum
import inspect
import json

import pulumi
import pulumi_ucloud_redis as sdk
from pulumi_ucloud_redis import outputs


def list_properties(of):
    return [name for name, member in inspect.getmembers(of) if isinstance(member, property)]


def list_arguments(of):
    # A resource has two signatures: the one with arguments by name is its private initializer.
    target = getattr(of, "_internal_init", of)
    return [name for name in inspect.signature(target).parameters]


found = {}
for name, member in inspect.getmembers(sdk):
    if inspect.isfunction(member):
        found[name] = list_arguments(member)
    elif inspect.isclass(member) and issubclass(member, enum.Enum):
        found[name] = []
    elif inspect.isclass(member) and issubclass(member, pulumi.Resource):
        found[name] = list_properties(member)
        found[f"{name}()"] = list_arguments(member)
    elif inspect.isclass(member):
        found[name] = list_properties(member)
for name, member in inspect.getmembers(outputs, inspect.isclass):
    found[f"outputs.{name}"] = list_properties(member)

wrong = []
for call in (
    lambda: sdk.get_u_redis_backups_output(group_id="a", maxage="1h"),
    lambda: sdk.get_u_redis_backups(group_id="a", maxage="1h"),
    lambda: sdk.URedisBackupPin("a", group_id="a", maxage="1h"),
    lambda: sdk.URedisRestoreSourceArgs(group_id="a", maxage="1h"),
    lambda: sdk.Provider("a", publickey="a"),
):
    try:
        call()
        wrong.append("nothing")
    except TypeError as error:
        wrong.append(str(error))

print(json.dumps({"names": found, "wrong": wrong}))
