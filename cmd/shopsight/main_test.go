package main

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// What a new user has is --help: it must name every command, flag and variable, and say something of each.
func TestHelp(t *testing.T) {
	t.Parallel()
	model, err := kong.New(&cli{}, kong.Name("shopsight"))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range model.Model.Children {
		if command.Help == "" || command.Detail == "" {
			t.Errorf("%s does not explain itself", command.Name)
		}
		for _, flag := range command.Flags {
			if flag.Help == "" {
				t.Errorf("%s --%s does not explain itself", command.Name, flag.Name)
			}
			if len(flag.Envs) != 1 || (flag.Envs[0] != "DATABASE_URL" && !strings.HasPrefix(flag.Envs[0], "SHOPSIGHT_")) {
				t.Errorf("%s --%s has the variables %v", command.Name, flag.Name, flag.Envs)
			}
		}
		if _, ok := reflect.PointerTo(command.Target.Type()).MethodByName("Run"); !ok {
			t.Errorf("%s does not run", command.Name)
		}
	}
}

// Settings that cannot be right are refused before anything starts.
func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"demo --addr=0.0.0.0:8080", "serve --addr=nowhere", "serve --database-url=postgres://u:hunter2@h/db",
		"migrate --database-url=mysql:nothing", "verify --data=", "rebuild --unknown",
	} {
		var out bytes.Buffer
		parser, err := kong.New(&cli{}, kong.Writers(&out, &out))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(strings.Fields(args)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", args, err)
		}
	}
}
