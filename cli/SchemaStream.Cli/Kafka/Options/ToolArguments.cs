using System.Globalization;

namespace SchemaStream.Cli.Kafka.Options;

/// <summary>What a command line says, by option.</summary>
internal sealed class ToolArguments(IReadOnlyDictionary<string, List<string>> given, IReadOnlyList<string> names, string? command = null)
{
    /// <summary>The options' names in the order in which they are given, as often as they are.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Which of the tool's commands; null when none is given, or the tool has none.</summary>
    public string? Command => command;

    public bool Has(string option) => given.ContainsKey(option);

    /// <summary>The value; the last of several. Null when the option is not given.</summary>
    public string? Value(string option) => given.TryGetValue(option, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>All values, in their order.</summary>
    public IReadOnlyList<string> Values(string option) => given.TryGetValue(option, out var values) ? values : [];

    /// <summary>The value as a number.</summary>
    /// <exception cref="ToolUsageException">It is none.</exception>
    public int? Number(string option) => LongNumber(option) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var number => (int)number,
        _ => throw NoNumber(option),
    };

    /// <inheritdoc cref="Number"/>
    public long? LongNumber(string option) => Value(option) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw NoNumber(option);

    /// <summary>Values of the form <c>key=value</c>; a later one of a key goes before an earlier.</summary>
    /// <exception cref="ToolUsageException">One is of another form.</exception>
    public IReadOnlyDictionary<string, string> Pairs(params ReadOnlySpan<string> options)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            foreach (var text in Values(option))
            {
                var equals = text.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1)
                {
                    throw new ToolUsageException($"Invalid command line properties: {text}");
                }

                pairs[text[..equals].Trim()] = text[(equals + 1)..];
            }
        }

        return pairs;
    }

    /// <exception cref="ToolUsageException">An option is not given.</exception>
    public void Require(params ReadOnlySpan<string> options)
    {
        foreach (var option in options)
        {
            if (!Has(option))
            {
                throw new ToolUsageException($"Missing required argument \"[{option}]\"") { ShowsUsage = true };
            }
        }
    }

    /// <exception cref="ToolUsageException">An option is given together with one of the others.</exception>
    public void Refuse(string option, params ReadOnlySpan<string> others)
    {
        foreach (var other in others)
        {
            if (Has(option) && Has(other))
            {
                throw new ToolUsageException($"Option \"[{option}]\" can't be used with option \"[{other}]\"") { ShowsUsage = true };
            }
        }
    }

    private ToolUsageException NoNumber(string option) =>
        new($"Cannot parse argument '{Value(option)}' of option {option}: a number is expected") { ShowsUsage = true };
}
