package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	dotnet "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// languageBlocks are the types into which the generators read the schema's `language` blocks, by the keys of these.
var languageBlocks = map[string]reflect.Type{
	"csharp": reflect.TypeFor[dotnet.CSharpPackageInfo](),
	"go":     reflect.TypeFor[golang.GoPackageInfo](),
	"java":   reflect.TypeFor[java.PackageInfo](),
	"nodejs": reflect.TypeFor[nodejs.NodePackageInfo](),
	"python": reflect.TypeFor[python.PackageInfo](),
}

// inspect finds what Pulumi's own check does not: keys it would silently ignore, which is how `returnType` loses a
// function's result and how an inline object type turns into a map of strings, and functions without `outputs`.
// It reads the written JSON, because decoding already moves `outputs` elsewhere and drops what it does not know.
func inspect(raw any) []string {
	findings := unknownKeys(raw, reflect.TypeFor[schema.PackageSpec](), "#")
	blocks, _ := at(raw, "language").(map[string]any)
	for _, language := range sortedKeys(blocks) {
		here := "#/language/" + language
		if block, known := languageBlocks[language]; known {
			findings = append(findings, unknownKeys(blocks[language], block, here)...)
		} else {
			findings = append(findings, here+": unknown language, no SDK would have its settings")
		}
	}
	functions, _ := at(raw, "functions").(map[string]any)
	for _, token := range sortedKeys(functions) {
		if outputs, _ := at(functions[token], "outputs", "properties").(map[string]any); len(outputs) == 0 {
			findings = append(findings, fmt.Sprintf(
				"#/functions/%s: has no `outputs` with properties, so its SDK function would return nothing", token))
		}
	}
	return findings
}

// at follows keys into nested JSON objects; nil when one is missing.
func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// unknownKeys walks a decoded JSON value beside the Go type it is read into, and names every key without a field.
// Pulumi's reader, like Go's, drops such keys; Go's strict mode would still take `displayname` for `displayName`.
func unknownKeys(value any, into reflect.Type, path string) []string {
	for into.Kind() == reflect.Pointer {
		into = into.Elem()
	}
	var findings []string
	switch value := value.(type) {
	case []any:
		if into.Kind() == reflect.Slice {
			for index, element := range value {
				findings = append(findings, unknownKeys(element, into.Elem(), fmt.Sprintf("%s/%d", path, index))...)
			}
		}
	case map[string]any:
		fields := fieldTypes(into)
		for _, key := range sortedKeys(value) {
			here := path + "/" + key
			field, known := fields[key]
			switch {
			case into.Kind() == reflect.Map:
				findings = append(findings, unknownKeys(value[key], into.Elem(), here)...)
			case into.Kind() != reflect.Struct:
				// Free-form by design, such as `default` or a language block.
			case known:
				findings = append(findings, unknownKeys(value[key], field, here)...)
			case key == "properties":
				findings = append(findings, here+": inline object types are not supported; declare it in `types` and use $ref")
			default:
				findings = append(findings, here+": unknown key, Pulumi would ignore it")
			}
		}
	}
	return findings
}

// fieldTypes maps JSON keys to field types. Fields without a json tag are not part of the schema's written form.
func fieldTypes(structure reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	if structure.Kind() != reflect.Struct {
		return fields
	}
	for _, field := range reflect.VisibleFields(structure) {
		if key, _, _ := strings.Cut(field.Tag.Get("json"), ","); key != "" && key != "-" {
			fields[key] = field.Type
		}
	}
	return fields
}

func sortedKeys[V any](entries map[string]V) []string {
	keys := make([]string, 0, len(entries))
	for key := range entries {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
