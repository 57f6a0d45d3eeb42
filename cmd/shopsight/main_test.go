package main

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// confirmations say what a command costs, so they are given with it and never by a variable.
var confirmations = map[string]bool{"end-sessions": true}

// What a new user has is --help: it must name every command, flag and variable, and say something of each.
func TestHelp(t *testing.T) {
	t.Parallel()
	model, err := kong.New(&cli{}, kong.Name("shopsight"))
	if err != nil {
		t.Fatal(err)
	}
	var check func(command *kong.Node)
	check = func(command *kong.Node) {
		if command.Help == "" || command.Detail == "" {
			t.Errorf("%s does not explain itself", command.Path())
		}
		for _, flag := range command.Flags {
			if flag.Help == "" {
				t.Errorf("%s --%s does not explain itself", command.Path(), flag.Name)
			}
			if confirmations[flag.Name] && len(flag.Envs) == 0 {
				continue
			}
			if len(flag.Envs) != 1 || (flag.Envs[0] != "DATABASE_URL" && flag.Envs[0] != "NATS_URL" && !strings.HasPrefix(flag.Envs[0], "SHOPSIGHT_")) {
				t.Errorf("%s --%s has the variables %v", command.Path(), flag.Name, flag.Envs)
			}
		}
		for _, child := range command.Children {
			check(child)
		}
		if _, ok := reflect.PointerTo(command.Target.Type()).MethodByName("Run"); ok != command.Leaf() {
			t.Errorf("%s runs: %v", command.Path(), ok)
		}
	}
	for _, command := range model.Model.Children {
		check(command)
	}
}

// Settings that cannot be right are refused before anything starts.
func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"demo --addr=0.0.0.0:8080", "serve --addr=nowhere", "serve --check --dashboard-origins=https://a.example/", "serve --database-url=postgres://u:hunter2@h/db",
		"migrate --database-url=mysql:nothing", "verify --data=", "rebuild --unknown",
		"keys", "keys list --keys={hunter2", "keys rotate --data=", "keys drop --database-url=mysql://u:hunter2@db",
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
