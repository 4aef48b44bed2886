using System.CommandLine;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Output;

namespace SchemaStream.Cli.Errors;

/// <summary>Command lines that are not understood, told as every other error is.</summary>
internal static class UsageErrors
{
    private const string CommandMissing = "Required command was not provided.";

    /// <summary>Returns the exit code.</summary>
    public static int Tell(ParseResult parsed, IReadOnlyList<string> args, ToolConsole? given)
    {
        var console = given ?? ToolConsole.OfProcess();
        try
        {
            var output = new CommandOutput(console, IsJson(args) ? OutputFormat.Json : OutputFormat.Table);
            output.Error(Of(parsed));
            output.Flush();
            return ExitCodes.Usage;
        }
        finally
        {
            if (given is null)
            {
                console.Dispose();
            }
        }
    }

    private static CliError Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var names = command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name).ToList();
        IEnumerable<string> known = [.. names, .. command.Options.Select(option => option.Name), .. command is RootCommand ? KafkaTools.Names : []];
        var near = parsed.UnmatchedTokens.Select(token => NearMisses.Ask(token, known)).FirstOrDefault(found => found is not null);
        // What is missing follows from the word that was not understood.
        var messages = parsed.Errors.Select(error => error.Message).Distinct().ToList();
        if (parsed.UnmatchedTokens.Count > 0)
        {
            messages.RemoveAll(message => message == CommandMissing && messages.Count > 1);
        }

        var help = $"See `{Path(command)} --help`.";
        var choice = near is null && names.Count > 0 && command is not RootCommand ? $"Its commands are {string.Join(", ", names)}. " : "";
        return ErrorCatalog.Usage.Of(string.Join(" ", messages), nextStep: near is null ? choice + help : $"{near} {help}");
    }

    private static string Path(Command command)
    {
        var path = command is RootCommand ? "schemastream" : command.Name;
        for (Symbol? at = command.Parents.FirstOrDefault(); at is Command parent; at = parent.Parents.FirstOrDefault())
        {
            path = $"{(parent is RootCommand ? "schemastream" : parent.Name)} {path}";
        }

        return path;
    }

    /// <summary>The value of --output may be what is wrong, so it is looked for, not asked for.</summary>
    private static bool IsJson(IReadOnlyList<string> args) => args.Any(word => word.Equals("--output=json", StringComparison.OrdinalIgnoreCase))
        || args.Zip(args.Skip(1)).Any(pair => pair.First == "--output" && pair.Second.Equals("json", StringComparison.OrdinalIgnoreCase));
}
