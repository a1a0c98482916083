package main

import (
	"net"
	"net/http"

	"github.com/pulumi/pulumi/pkg/v3/codegen"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// filterFunctionExamples returns functions whose descriptions have only one language's examples. The .NET generator
// filters those of resources only. The map that is given stays as it is, for the languages that follow.
func filterFunctionExamples(functions map[string]schema.FunctionSpec, language string) map[string]schema.FunctionSpec {
	filtered := make(map[string]schema.FunctionSpec, len(functions))
	for token, function := range functions {
		function.Description = codegen.FilterExamples(function.Description, language)
		filtered[token] = function
	}
	return filtered
}

// withLogo serves a file on loopback while generate runs, and makes it the package's logo. The .NET generator fetches
// the logo by HTTP: here from the repository, so that it needs no network and always gets the same bytes.
func withLogo(
	file string, pkg *schema.Package, generate func() (map[string][]byte, error),
) (map[string][]byte, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		http.ServeFile(response, request, file)
	})}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	pkg.LogoURL = "http://" + listener.Addr().String() + "/logo.png"
	return generate()
}
