package main

import (
	"errors"
	"path"
	"strings"

	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// generateJava makes the Java SDK with the resource by which Pulumi finds out, from a jar, which plugin a program needs.
// The generator leaves that to a build by Gradle, which the SDK does not use.
func generateJava(tool string, pkg *schema.Package) (map[string][]byte, error) {
	files, err := java.GeneratePackage(tool, pkg, nil, nil, false, false)
	if err != nil {
		return nil, err
	}
	for name := range files {
		if strings.HasSuffix(name, "/version.txt") {
			needed := plugin.PulumiPluginJSON{
				Resource: true, Name: pkg.Name, Version: pkg.Version.String(), Server: pkg.PluginDownloadURL,
			}
			files[path.Join(path.Dir(name), "plugin.json")], err = needed.JSON()
			return files, err
		}
	}
	return nil, errors.New("the Java generator made no version.txt")
}
