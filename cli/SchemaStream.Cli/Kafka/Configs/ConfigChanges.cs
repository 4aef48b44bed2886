using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary>What <c>--alter</c> is to set, and what to take back.</summary>
internal sealed partial record ConfigChanges(IReadOnlyDictionary<string, string> Added, IReadOnlyList<string> Deleted)
{
    /// <summary>All keys, of both kinds.</summary>
    public IEnumerable<string> Keys => Added.Keys.Concat(Deleted);

    /// <exception cref="ToolUsageException">There is nothing to change, or it is not said in pairs.</exception>
    public static ConfigChanges Read(ToolArguments arguments)
    {
        Demand(!arguments.Has("add-config") || !arguments.Has("add-config-file"), "Only one of --add-config or --add-config-file must be specified");
        Demand(arguments.Has("add-config") || arguments.Has("add-config-file") || arguments.Has("delete-config"),
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter");
        var added = arguments.Has("add-config-file") ? ClientProperties.Load(arguments.Value("add-config-file")) : Pairs(arguments.Value("add-config"));
        foreach (var key in added.Keys)
        {
            Demand(PlainKey().IsMatch(key), $"Invalid character found for config key: {key}");
        }

        return new ConfigChanges(added, [.. arguments.Values("delete-config").SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries))]);
    }

    /// <exception cref="ToolFailedException">Something is to be taken back that is not set.</exception>
    public void RequireToDelete(Func<string, bool> isSet)
    {
        var unknown = Deleted.Where(key => !isSet(key)).ToList();
        if (unknown.Count > 0)
        {
            throw new ToolFailedException($"Invalid config(s): {string.Join(",", unknown)}");
        }
    }

    /// <summary>Pairs between commas; a value in brackets may have commas itself.</summary>
    private static Dictionary<string, string> Pairs(string? text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text is null ? [] : BetweenCommas().Split(text))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            Demand(pair.Length == 2 && pair[0].Length > 0,
                "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\" or \"key=[val1,val2]\" to group values which contain commas.");
            pairs[pair[0]] = pair[1].StartsWith('[') && pair[1].EndsWith(']') ? pair[1][1..^1] : pair[1];
        }

        return pairs;
    }

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ToolUsageException(otherwise);
        }
    }

    [GeneratedRegex(",(?=[^\\]]*(?:\\[|$))")]
    private static partial Regex BetweenCommas();

    [GeneratedRegex("^[a-zA-Z0-9._-]*$")]
    private static partial Regex PlainKey();
}
