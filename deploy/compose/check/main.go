// Reads a Compose project as docker compose does, by its own library, and fails where that fails or warns: an unknown key, a
// variable that nothing sets, a network, volume or secret that is not declared, a service that waits for one that is not there.
// Then it looks whether each file that a container is given exists.
//
//	check ENV-FILE COMPOSE-FILE...
package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

// warnings keeps what the library warns of, which docker compose shows and passes over.
type warnings struct{ found []string }

func (w *warnings) Levels() []logrus.Level { return []logrus.Level{logrus.WarnLevel, logrus.ErrorLevel} }

func (w *warnings) Fire(entry *logrus.Entry) error {
	w.found = append(w.found, entry.Message)
	return nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "check ENV-FILE COMPOSE-FILE...")
		os.Exit(2)
	}
	if wrong := check(os.Args[1], os.Args[2:]); len(wrong) > 0 {
		for _, line := range wrong {
			fmt.Fprintln(os.Stderr, line)
		}
		os.Exit(1)
	}
}

func check(env string, files []string) []string {
	heard := &warnings{}
	logrus.AddHook(heard)
	logrus.SetLevel(logrus.WarnLevel)
	options, err := cli.NewProjectOptions(files, cli.WithEnvFiles(env), cli.WithDotEnv, cli.WithDefaultProfiles())
	if err != nil {
		return []string{err.Error()}
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return append(heard.found, err.Error())
	}
	fmt.Printf("%s: %d services with %s\n", project.Name, len(project.Services), env)
	return slices.Concat(heard.found, missing(project))
}

func missing(project *types.Project) []string {
	given := map[string]string{}
	for name, secret := range project.Secrets {
		given[secret.File] = "secret " + name
	}
	for name, config := range project.Configs {
		given[config.File] = "config " + name
	}
	for name, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type == types.VolumeTypeBind {
				given[volume.Source] = "volume of " + name
			}
		}
	}
	var wrong []string
	for file, of := range given {
		if _, err := os.Stat(file); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %s is not there", of, file))
		}
	}
	slices.Sort(wrong)
	return wrong
}
