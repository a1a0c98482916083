"""Parses the C# files below a folder, and prints, as JSON, syntax errors and the members of each type."""

import json
import pathlib
import sys

import tree_sitter
import tree_sitter_c_sharp

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
types, errors, files = {}, [], 0


def name_of(node):
    return node.child_by_field_name("name").text.decode()


def find_errors(node, file):
    if node.is_error or node.is_missing:
        errors.append(f"{file}:{node.start_point[0] + 1}")
    elif node.has_error:
        for child in node.children:
            find_errors(child, file)


def collect(node, owner):
    for child in node.children:
        if child.type in ("class_declaration", "struct_declaration", "enum_declaration"):
            name = f"{owner}{name_of(child)}"
            types.setdefault(name, [])
            body = child.child_by_field_name("body")
            for member in body.children if body else []:
                if member.type in ("property_declaration", "method_declaration"):
                    types[name].append(name_of(member))
                elif member.type == "field_declaration":
                    declared = [each for each in member.children if each.type == "variable_declaration"]
                    types[name] += [name_of(each) for each in declared[0].children if each.type == "variable_declarator"]
            collect(body or child, owner)
        elif child.type == "namespace_declaration":
            full = name_of(child).split(".")
            collect(child.child_by_field_name("body"), "".join(f"{part}." for part in full[2:]))
        elif child.type not in ("property_declaration", "method_declaration"):
            collect(child, owner)


root = pathlib.Path(sys.argv[1])
for file in sorted(root.rglob("*.cs")):
    files += 1
    tree = parser.parse(file.read_bytes())
    find_errors(tree.root_node, file.relative_to(root).as_posix())
    collect(tree.root_node, "")

print(json.dumps({"files": files, "errors": errors, "types": types}))
