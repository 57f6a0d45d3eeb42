package main

import (
	"context"
	"os"

	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/config"
)

type keys struct {
	List    keysList    `cmd:"" help:"Print the keys' ids, uses, states and ages; never a key."`
	Rotate  keysRotate  `cmd:"" help:"Have new keys sign and seal: publish and promote in one, for processes that read the same file."`
	Publish keysPublish `cmd:"" help:"Add new keys that verify and open, but do not sign or seal yet."`
	Promote keysPromote `cmd:"" help:"Have the published keys sign and seal."`
	Drop    keysDrop    `cmd:"" help:"Remove old keys that nothing needs any more."`
}

// Help is printed by shopsight keys --help.
func (keys) Help() string {
	return "A pair of keys signs the tokens of sessions and seals the secrets in the database. It is published (it " +
		"verifies and opens), promoted (it signs and seals too), and, when another was promoted, old (it verifies and " +
		"opens what it signed and sealed) until it is dropped. The service reads its key file anew when it changes, so " +
		"one that runs alone needs shopsight keys rotate now and then, and shopsight keys drop a month later. Replicas " +
		"that get the keys as text are restarted one after another with the new text after each of publish, promote " +
		"and drop."
}

type keysList struct{ config.Keyring }

// Help is printed by shopsight keys list --help.
func (keysList) Help() string {
	return "Tokens and ciphertexts name their keys by these ids. An old key says until when a token that it signed may count."
}

func (c *keysList) Run() error { return app.ListKeys(c.Keyring, os.Stdout) }

type keysRotate struct{ config.Keyring }

// Help is printed by shopsight keys rotate --help.
func (keysRotate) Help() string {
	return "Publishes new keys, waits some seconds until every process that reads the file knows them, and promotes them. " +
		"No session ends and no request fails. It may be repeated when it was interrupted. For replicas that do not read " +
		"this very file, use publish and promote."
}

func (c *keysRotate) Run(ctx context.Context) error { return app.RotateKeys(ctx, c.Keyring, os.Stdout) }

type keysPublish struct{ config.Keyring }

// Help is printed by shopsight keys publish --help.
func (keysPublish) Help() string {
	return "The first step of a rotation with replicas: give each the file that this changes, or its text and a restart. " +
		"When all have it, go on with promote."
}

func (c *keysPublish) Run() error { return app.PublishKeys(c.Keyring, os.Stdout) }

type keysPromote struct{ config.Keyring }

// Help is printed by shopsight keys promote --help.
func (keysPromote) Help() string {
	return "The second step of a rotation with replicas. One that does not know the published keys would refuse what " +
		"another signs with them, so all must have them before. Then give each the changed file or text, within a day."
}

func (c *keysPromote) Run(ctx context.Context) error {
	return app.PromoteKeys(ctx, c.Keyring, os.Stdout)
}

type keysDrop struct {
	config.Keyring
	EndSessions bool `name:"end-sessions" help:"Drop every old key at once, though sessions may need it: whoever has not refreshed a session since the rotation has to log in again. For keys that somebody has seen."`
}

// Help is printed by shopsight keys drop --help.
func (keysDrop) Help() string {
	return "Seals every secret in the database anew with the present key first, and drops nothing while one needs an old " +
		"key. An old key stays for 31 days after the promotion, as long as a token that it signed may count. With " +
		"replicas, all must have the promoted keys."
}

func (c *keysDrop) Run(ctx context.Context) error {
	return app.DropKeys(ctx, c.Keyring, c.EndSessions, os.Stdout)
}
