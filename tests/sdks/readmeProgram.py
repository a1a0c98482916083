"""Runs the program in its argument as Pulumi would, with stand-ins for the engine and the plugin."""

import sys

import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        print(args.typ, *sorted(args.inputs))
        return f"{args.name}-id", args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks(), project="project")
pulumi.runtime.set_config("project:redisPassword", "a password")


@pulumi.runtime.test
def run():
    exec(compile(sys.argv[1], "program", "exec"), {"__name__": "__main__"})


run()
