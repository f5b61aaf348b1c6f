package io.jconda.examples.cli;

import picocli.CommandLine.Command;

/** Holds the same commands under the name that mamba has for them. */
@Command(
    name = "repoquery",
    mixinStandardHelpOptions = true,
    description = "Ask about packages: search, depends, whoneeds.",
    subcommands = {SearchCommand.class, DependsCommand.class, WhoNeedsCommand.class})
final class RepoqueryCommand {}
