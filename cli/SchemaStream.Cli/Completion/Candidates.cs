using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Profiles;

namespace SchemaStream.Cli.Completion;

/// <summary>What may follow on a command line.</summary>
internal sealed class Candidates(Func<string, string?> environment)
{
    /// <summary>Words, options and names that begin as the last word does.</summary>
    /// <param name="words">The program's name, and what was typed; the last word is being typed.</param>
    /// <param name="cancellationToken">Ends the wait for names.</param>
    public async Task<IReadOnlyList<string>> OfAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        if (words.Count < 2)
        {
            return [];
        }

        List<string> before = [.. words.Skip(1).SkipLast(1)];
        var typed = words[^1];
        var dash = typed.StartsWith("--", StringComparison.Ordinal) ? typed.IndexOf('=', StringComparison.Ordinal) : -1;
        if (dash > 0)
        {
            // --option=value: the value is completed with the option before it, for that is the word.
            before.Add(typed[..dash]);
            var values = await AllAsync(before, typed[(dash + 1)..], cancellationToken);
            return Beginning(values.Select(value => $"{typed[..dash]}={value}"), typed);
        }

        return Beginning(await AllAsync(before, typed, cancellationToken), typed);
    }

    private static List<string> Beginning(IEnumerable<string> candidates, string typed) =>
        [.. candidates.Where(candidate => candidate.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    private async Task<IEnumerable<string>> AllAsync(List<string> before, string typed, CancellationToken cancellationToken)
    {
        if (before.Count == 0)
        {
            return [.. CommandTree.Names.Where(name => name != CompleteCommand.Name), .. KafkaTools.Names];
        }

        return KafkaTools.Find(before[0]) is { } tool
            ? await OfToolAsync(tool, before, typed, cancellationToken)
            : await OfCommandAsync(before, typed, cancellationToken);
    }

    private async Task<IEnumerable<string>> OfToolAsync(IKafkaTool tool, List<string> before, string typed, CancellationToken cancellationToken)
    {
        var last = before[^1].TrimStart('-');
        if (before.Count > 1 && before[^1].StartsWith('-') && tool.Syntax.Options.FirstOrDefault(each => each.Name == last) is { Argument: not null })
        {
            return await NamesAsync(last, before, cancellationToken);
        }

        return typed.StartsWith('-') || typed.Length == 0 ? tool.Syntax.Options.Select(option => "--" + option.Name) : [];
    }

    private async Task<IEnumerable<string>> OfCommandAsync(List<string> before, string typed, CancellationToken cancellationToken)
    {
        Command command = CommandTree.Create(before[0]);
        var (position, options) = (0, new HashSet<string>(StringComparer.Ordinal));
        Option? open = null;
        foreach (var word in before)
        {
            if (open is not null)
            {
                open = null;
            }
            else if (word.StartsWith('-'))
            {
                var option = Find(command, word.Split('=')[0]);
                options.Add(option?.Name ?? word);
                open = option is { Arity.MinimumNumberOfValues: > 0 } && !word.Contains('=', StringComparison.Ordinal) ? option : null;
            }
            else if (position == 0 && command.Subcommands.FirstOrDefault(each => each.Name == word) is { } inner)
            {
                command = inner;
            }
            else
            {
                position++;
            }
        }

        if (open is not null)
        {
            return open.ValueType is { IsEnum: true } choices
                ? Enum.GetNames(choices).Select(name => name.ToLowerInvariant())
                : await NamesAsync(open.HelpName is "TOPIC" or "GROUP" or "SUBJECT" ? open.HelpName : open.Name.TrimStart('-'), before, cancellationToken);
        }

        if (typed.StartsWith('-'))
        {
            return command.Options.Where(option => !option.Hidden && (!options.Contains(option.Name) || option.Arity.MaximumNumberOfValues > 1))
                .Select(option => option.Name);
        }

        var argument = command.Arguments.ElementAtOrDefault(Math.Min(position, command.Arguments.Count - 1));
        var isTaken = argument is null || (position >= command.Arguments.Count && argument.Arity.MaximumNumberOfValues <= 1);
        return [
            .. position == 0 ? command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name) : [],
            .. isTaken ? [] : await NamesAsync(argument!.Name, before, cancellationToken),
        ];
    }

    private static Option? Find(Command command, string name) =>
        command.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    /// <summary>Names of what a value is called; none for what has no names.</summary>
    private async Task<IEnumerable<string>> NamesAsync(string what, List<string> words, CancellationToken cancellationToken)
    {
        try
        {
            return what.ToUpperInvariant() switch
            {
                "TOPIC" or "SUCCESSOR" => await LiveNames.TopicsAsync(SettingsOf(words), cancellationToken),
                "GROUP" => await LiveNames.GroupsAsync(SettingsOf(words), cancellationToken),
                "SUBJECT" or "KEY-SUBJECT" or "VALUE-SUBJECT" => await LiveNames.SubjectsAsync(SettingsOf(words), cancellationToken),
                "PROFILE" => ProfileStore.Of(environment).List(),
                "CODE" => ErrorCatalog.All.Select(kind => kind.Code),
                "SHELL" => CompletionScripts.Shells,
                _ => [],
            };
        }
        catch (Exception silent) when (ErrorTranslation.Of(silent) is not null || silent is OperationCanceledException)
        {
            // Not there, or not in time: then there is nothing to offer, and nobody to tell.
            return [];
        }
    }

    private EffectiveSettings SettingsOf(List<string> words) => EffectiveSettings.Resolve(
        ValueOf(words, "--bootstrap-server"), ValueOf(words, "--registry"), ValueOf(words, "--profile"), ValueOf(words, "--command-config"), environment);

    private static string? ValueOf(List<string> words, string option)
    {
        for (var i = words.Count - 1; i > 0; i--)
        {
            if (words[i].StartsWith(option + "=", StringComparison.Ordinal))
            {
                return words[i][(option.Length + 1)..];
            }

            if (words[i - 1] == option)
            {
                return words[i];
            }
        }

        return null;
    }
}
