// Command sdkgen checks a Pulumi package schema and generates the Node.js SDK from it, with Pulumi's own generator.
//
//	sdkgen SCHEMA OUTDIR   check the schema, then write the SDK into OUTDIR
//	sdkgen -check SCHEMA   only check the schema
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

	"github.com/pulumi/pulumi/pkg/v3/codegen"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "sdkgen: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, report io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: sdkgen SCHEMA OUTDIR | sdkgen -check SCHEMA")
	}
	if args[0] == "-check" {
		_, err := readSchema(args[1], report)
		return err
	}
	spec, err := readSchema(args[0], report)
	if err != nil {
		return err
	}
	files, err := generate(*spec)
	if err != nil {
		return fmt.Errorf("generating the SDK: %w", err)
	}
	return write(files, args[1])
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

func generate(spec schema.PackageSpec) (map[string][]byte, error) {
	languages := map[string]schema.Language{"nodejs": nodejs.Importer}
	pkg, err := schema.ImportSpec(spec, languages, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	return nodejs.GeneratePackage("sdkgen", pkg, nil, nil, false, nil)
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
