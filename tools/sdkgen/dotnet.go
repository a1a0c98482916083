package main

import (
	"net"
	"net/http"

	"github.com/pulumi/pulumi/pkg/v3/codegen"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// filterFunctionExamples leaves only one language's examples in the descriptions of functions. The .NET generator does
// so for resources only.
func filterFunctionExamples(functions map[string]schema.FunctionSpec, language string) {
	for token, function := range functions {
		function.Description = codegen.FilterExamples(function.Description, language)
		functions[token] = function
	}
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
