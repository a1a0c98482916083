// Command sdkgen checks a Pulumi package schema and generates the SDKs from it, with Pulumi's own generators.
//
//	sdkgen SCHEMA LOGO OUTDIR   check the schema, then write each language's SDK into a folder in OUTDIR
//	sdkgen -check SCHEMA        only check the schema
//
// LOGO is the PNG file of the NuGet package.
//
// It is stricter than `pulumi schema check`: what that command passes over in silence (see findings.go) fails here too.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	dotnet "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "sdkgen: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, report io.Writer) error {
	if len(args) == 2 && args[0] == "-check" {
		_, err := readSchema(args[1], report)
		return err
	}
	if len(args) != 3 {
		return errors.New("usage: sdkgen SCHEMA LOGO OUTDIR | sdkgen -check SCHEMA")
	}
	spec, err := readSchema(args[0], report)
	if err != nil {
		return err
	}
	for _, language := range languages {
		files, err := generate(language, *spec, args[1])
		if err != nil {
			return fmt.Errorf("generating the %s SDK: %w", language, err)
		}
		if err := write(files, filepath.Join(args[2], language)); err != nil {
			return err
		}
	}
	return nil
}

// readSchema parses and checks a schema, printing every finding on its own line before it fails.
func readSchema(path string, report io.Writer) (*schema.PackageSpec, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, fmt.Errorf("%s is not a Pulumi package schema: %w", path, err)
	}
	var raw any
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&raw); err != nil {
		return nil, err
	}
	findings := inspect(raw)
	_, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil && !diagnostics.HasErrors() {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// Warnings count as findings: each one (an unknown reserved word, a property called `id`) ends up in a user's editor.
	// The same one may come twice, as a type is bound for inputs and for outputs.
	for _, diagnostic := range diagnostics {
		if !slices.Contains(findings, diagnostic.Summary) {
			findings = append(findings, diagnostic.Summary)
		}
	}
	for _, finding := range findings {
		fmt.Fprintf(report, "%s: %s\n", path, finding)
	}
	if len(findings) > 0 {
		return nil, fmt.Errorf("%d finding(s) in %s", len(findings), path)
	}
	return &spec, nil
}

// languages are the languages of the SDKs, in the order in which they are generated. Each one's SDK gets a folder of
// that name.
var languages = []string{"nodejs", "python", "go", "dotnet", "java"}

// generate makes the files of one language's SDK. It reads the schema again for each, as generators change what they
// are given.
func generate(language string, spec schema.PackageSpec, logo string) (codegen.Fs, error) {
	const tool = "sdkgen"
	bindings := map[string]schema.Language{
		"nodejs": nodejs.Importer, "python": python.Importer, "go": golang.Importer,
		"csharp": dotnet.Importer, "java": java.Importer,
	}
	if language == "dotnet" {
		spec.Functions = filterFunctionExamples(spec.Functions, "csharp")
	}
	pkg, err := schema.ImportSpec(spec, bindings, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
	case "python":
		return python.GeneratePackage(tool, pkg, nil, nil)
	case "go":
		return golang.GeneratePackage(tool, pkg, nil)
	case "dotnet":
		return withLogo(logo, pkg, func() (map[string][]byte, error) {
			return dotnet.GeneratePackage(tool, pkg, nil, nil)
		})
	case "java":
		return generateJava(tool, pkg)
	default:
		return nil, fmt.Errorf("no generator for %q", language)
	}
}

func write(files codegen.Fs, root string) error {
	for name, content := range files {
		target := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
