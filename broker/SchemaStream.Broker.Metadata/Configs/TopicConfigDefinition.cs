using System.Collections.Immutable;
using System.Globalization;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>A broker setting that is the default of a topic config, and what its number is multiplied by.</summary>
public readonly record struct BrokerSynonym(string Name, long Multiplier = 1);

/// <summary>One topic config: its key, type, default, and what is a value of it.</summary>
public sealed class TopicConfigDefinition
{
    public required string Name { get; init; }

    public required ConfigType Type { get; init; }

    /// <summary>Null: there is no value unless someone sets one.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>The broker's settings of this meaning, the one that wins first.</summary>
    public ImmutableArray<BrokerSynonym> BrokerSynonyms { get; init; } = [];

    public required string Documentation { get; init; }

    /// <summary>Why the (trimmed) text is no value of this config; null if it is one.</summary>
    public required Func<string, string?> Check { get; init; }

    /// <summary>Why the text is no value of this config, naming key and text; null if it is one.</summary>
    public string? Validate(string value)
    {
        if (value.Length > TopicConfigDefinitions.LongestValue)
        {
            return $"Invalid value for configuration {Name}: it is longer than {TopicConfigDefinitions.LongestValue} characters";
        }

        return Check(value.Trim()) is { } reason ? $"Invalid value {value} for configuration {Name}: {reason}" : null;
    }

    internal static string? CheckLong(string text, long least, long most)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return $"Not a number of type {(most <= int.MaxValue ? "INT" : "LONG")}";
        }

        return value < least ? $"Value must be at least {least}"
            : value > most ? $"Value must be no more than {most}"
            : null;
    }

    internal static string? CheckDouble(string text, double least, double most)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return "Not a number of type DOUBLE";
        }

        return value < least ? $"Value must be at least {least.ToString(CultureInfo.InvariantCulture)}"
            : value > most ? $"Value must be no more than {most.ToString(CultureInfo.InvariantCulture)}"
            : null;
    }

    internal static string? CheckBoolean(string text) =>
        bool.TryParse(text, out _) ? null : "Expected value to be either true or false";

    internal static string? CheckOneOf(string text, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (string.Equals(name, text, StringComparison.Ordinal))
            {
                return null;
            }
        }

        return $"String must be one of: {string.Join(", ", names.ToArray())}";
    }

    internal static string? CheckList(string text, params ReadOnlySpan<string> names)
    {
        foreach (var item in Items(text))
        {
            if (CheckOneOf(item, names) is { } reason)
            {
                return reason;
            }
        }

        return text.Length == 0 ? $"The list must contain one of: {string.Join(", ", names.ToArray())}" : null;
    }

    /// <summary>The items of a list config.</summary>
    public static string[] Items(string text) =>
        text.Trim().Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
}
