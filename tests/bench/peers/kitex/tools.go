//go:build tools

// The generator, so that go.mod pins it and what it needs.
package main

import _ "github.com/cloudwego/kitex/tool/cmd/kitex"
