"""Compares programs in C# with the names of the .NET SDK, and prints a JSON list of their errors.

Argument: a JSON file with `sdk`, the folder of the SDK's sources, and `blocks`, each with `location` and `code`.

There is no compiler of C# here. So each program is parsed, and then the names in it are looked up: types and their
arguments where they are declared, and what is read from a result among the members of all types.
"""

import json
import pathlib
import sys

import tree_sitter
import tree_sitter_c_sharp

NAMESPACE = "PulumiUCloudRedis.UCloudRedis"
# What programs use of Pulumi's own SDK and of .NET.
OTHER_TYPES = {"Config", "CustomResourceOptions", "Deployment", "Dictionary"}
OTHER_MEMBERS = {
    *("Apply", "Protect", "Provider", "Require", "RequireSecret", "RunAsync"),
    *("Select", "ToImmutableArray", "ToList"),
}
DECLARATIONS = ("class_declaration", "struct_declaration")

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))


def parse(code):
    return parser.parse(code.encode()).root_node


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def read(node):
    return node.text.decode() if node else ""


def list_members(declaration):
    """The names that are declared in a type."""
    for node in declaration.child_by_field_name("body").named_children:
        if node.type in ("property_declaration", "method_declaration"):
            yield read(node.child_by_field_name("name"))
        elif node.type == "field_declaration":
            for each in walk(node):
                if each.type == "variable_declarator":
                    yield read(each.child_by_field_name("name"))


def read_sdk(folder):
    """The SDK's types by their full names, each with its members."""
    types = {}
    for file in sorted(pathlib.Path(folder).rglob("*.cs")):
        for space in walk(parse(file.read_text(encoding="utf-8"))):
            if space.type != "namespace_declaration":
                continue
            for node in space.child_by_field_name("body").named_children:
                if node.type in DECLARATIONS:
                    name = f"{read(space.child_by_field_name('name'))}.{read(node.child_by_field_name('name'))}"
                    types.setdefault(name, set()).update(list_members(node))
    return types


class Program:
    def __init__(self, block, types):
        self.location = block["location"]
        self.types = types
        self.members = set().union(*types.values()) | OTHER_MEMBERS
        self.root = parse(block["code"])
        self.errors = []
        self.aliases = {}
        self.namespaces = []

    def report(self, node, text):
        self.errors.append(f"{self.location}, line {node.start_point[0] + 1}: {text}")

    def check(self):
        for node in walk(self.root):
            if node.type == "ERROR" or node.is_missing:
                self.report(node, f"syntax error at {read(node)[:40]!r}")
        if not self.errors:
            for node in walk(self.root):
                getattr(self, f"check_{node.type}", lambda node: None)(node)
        return self.errors

    def find_type(self, path):
        """The full name of the SDK's type in a path such as `UCloudRedis.Inputs.Args`, and what follows it."""
        first, *rest = path.split(".")
        full = ".".join([self.aliases.get(first, first), *rest])
        for candidate in [full, *(f"{each}.{full}" for each in self.namespaces)]:
            names = candidate.split(".")
            for end in range(len(names), 0, -1):
                if ".".join(names[:end]) in self.types:
                    return ".".join(names[:end]), names[end:]
        return (full if full.startswith(NAMESPACE) else None), []

    def check_using_directive(self, node):
        name = node.child_by_field_name("name")
        if not name:
            self.namespaces.append(read(node.named_children[-1]))
        if name and node.named_children[-1] != name:
            target = read(node.named_children[-1])
            self.aliases[read(name)] = target
            if not any(each.startswith(f"{target}.") for each in self.types):
                self.report(node, f"there is no namespace {target}")

    def check_initializer(self, node, type_name):
        """The names that an object initializer sets."""
        if type_name not in self.types:
            self.report(node, f"there is no {type_name}")
            return
        for child in node.named_children:
            left = child.child_by_field_name("left") if child.type == "assignment_expression" else None
            if left and left.type == "identifier" and read(left) not in self.types[type_name]:
                self.report(left, f"{type_name} has no {read(left)}")

    def check_arguments(self, node, type_name):
        """The `new() { … }` among the arguments of a call, whose type the call gives."""
        for argument in node.child_by_field_name("arguments").named_children if node else []:
            for child in argument.named_children:
                if child.type == "implicit_object_creation_expression":
                    self.check_initializer(child.named_children[-1], type_name)

    def check_object_creation_expression(self, node):
        path = read(node.child_by_field_name("type")).split("<")[0].removeprefix("Pulumi.")
        name, rest = self.find_type(path)
        initializer = node.child_by_field_name("initializer")
        if name is None:
            if path not in OTHER_TYPES:
                self.report(node, f"unknown type {path}")
        elif name not in self.types or rest:
            self.report(node, f"there is no {path}")
        elif initializer:
            self.check_initializer(initializer, name)
        elif node.child_by_field_name("arguments"):
            self.check_arguments(node, f"{name}Args")

    def check_invocation_expression(self, node):
        name, rest = self.find_type(read(node.child_by_field_name("function")))
        if name and rest == ["Invoke"]:
            self.check_arguments(node, f"{name}InvokeArgs")

    def check_member_access_expression(self, node):
        path, name = read(node), read(node.child_by_field_name("name"))
        first = path.split(".")[0]
        if first not in self.aliases:
            if name not in self.members:
                self.report(node, f"nothing has a member {name}")
        elif node.parent.type != "member_access_expression":
            full, rest = self.find_type(path)
            if full not in self.types or len(rest) > 1 or not self.types[full].issuperset(rest):
                self.report(node, f"there is no {path}")

    def check_member_binding_expression(self, node):
        name = read(node.child_by_field_name("name"))
        if name not in self.members:
            self.report(node, f"nothing has a member {name}")


with open(sys.argv[1], encoding="utf-8") as given_file:
    given = json.load(given_file)
sdk = read_sdk(given["sdk"])
print(json.dumps([error for block in given["blocks"] for error in Program(block, sdk).check()]))
