using System.Collections.Immutable;
using System.Text.Json;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.DataContracts;

/// <summary>Metadata and rules as JSON, the same in the log and in the API: Confluent's order, what is empty left out.</summary>
public static class DataContractJson
{
    public static byte[] Render(Metadata metadata) => CompactJsonWriter.RenderObject(writer => WriteProperties(writer, metadata));

    public static byte[] Render(RuleSet ruleSet) => CompactJsonWriter.RenderObject(writer => WriteProperties(writer, ruleSet));

    /// <exception cref="FormatException">The JSON is of another shape; unknown properties are none of our business.</exception>
    public static Metadata ReadMetadata(JsonElement element) => new(
        Pairs(element, "tags").Select(tag => KeyValuePair.Create(tag.Name, Strings(tag.Value, "tags"))),
        Pairs(element, "properties").Select(pair => KeyValuePair.Create(pair.Name, String(pair.Value, "properties"))),
        Find(element, "sensitive") is { } names ? Strings(names, "sensitive") : null);

    /// <exception cref="FormatException">The JSON is of another shape, or names a kind, mode or place that is none.</exception>
    public static RuleSet ReadRuleSet(JsonElement element) => new()
    {
        MigrationRules = Rules(element, "migrationRules"),
        DomainRules = Rules(element, "domainRules"),
        EncodingRules = Rules(element, "encodingRules"),
        EnableAt = Name(element, "enableAt", RuleNames.EnvironmentOf),
    };

    internal static void Write(CompactJsonWriter writer, string name, Metadata? metadata)
    {
        if (metadata is not null)
        {
            writer.WriteStartObject(name);
            WriteProperties(writer, metadata);
            writer.WriteEndObject();
        }
    }

    internal static void Write(CompactJsonWriter writer, string name, RuleSet? ruleSet)
    {
        if (ruleSet is not null)
        {
            writer.WriteStartObject(name);
            WriteProperties(writer, ruleSet);
            writer.WriteEndObject();
        }
    }

    private static void WriteProperties(CompactJsonWriter writer, Metadata metadata)
    {
        if (!metadata.Tags.IsEmpty)
        {
            writer.WriteStartObject("tags");
            foreach (var (path, tags) in metadata.Tags)
            {
                WriteNames(writer, path, tags);
            }

            writer.WriteEndObject();
        }

        WritePairs(writer, "properties", metadata.Properties);
        if (!metadata.Sensitive.IsEmpty)
        {
            WriteNames(writer, "sensitive", metadata.Sensitive);
        }
    }

    private static void WriteProperties(CompactJsonWriter writer, RuleSet ruleSet)
    {
        WriteRules(writer, "migrationRules", ruleSet.MigrationRules);
        WriteRules(writer, "domainRules", ruleSet.DomainRules);
        WriteRules(writer, "encodingRules", ruleSet.EncodingRules);
        if (ruleSet.EnableAt is { } environment)
        {
            writer.WriteString("enableAt", RuleNames.NameOf(environment));
        }
    }

    private static void WriteRules(CompactJsonWriter writer, string name, ImmutableArray<Rule> rules)
    {
        if (rules.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteStringUnlessEmpty("name", rule.Name);
            writer.WriteStringUnlessEmpty("doc", rule.Doc);
            writer.WriteString("kind", RuleNames.NameOf(rule.Kind));
            writer.WriteString("mode", RuleNames.NameOf(rule.Mode));
            writer.WriteStringUnlessEmpty("type", rule.Type);
            if (!rule.Tags.IsEmpty)
            {
                WriteNames(writer, "tags", rule.Tags);
            }

            WritePairs(writer, "params", rule.Params);
            writer.WriteStringUnlessEmpty("expr", rule.Expr);
            writer.WriteStringUnlessEmpty("onSuccess", rule.OnSuccess);
            writer.WriteStringUnlessEmpty("onFailure", rule.OnFailure);
            writer.WriteBoolean("disabled", rule.Switch == RuleSwitch.Off);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePairs(CompactJsonWriter writer, string name, ImmutableSortedDictionary<string, string> pairs)
    {
        if (pairs.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in pairs)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteNames(CompactJsonWriter writer, string name, ImmutableSortedSet<string> names)
    {
        writer.WriteStartArray(name);
        foreach (var each in names)
        {
            writer.WriteStringValue(each);
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<Rule> Rules(JsonElement element, string name)
    {
        if (Find(element, name) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(ReadRule)]
            : throw Wrong(name, "an array of rules");
    }

    private static Rule ReadRule(JsonElement element) => new()
    {
        Name = Text(element, "name"),
        Doc = Text(element, "doc"),
        Kind = Name(element, "kind", RuleNames.KindOf) ?? RuleKind.Transform,
        Mode = Name(element, "mode", RuleNames.ModeOf) ?? RuleMode.WriteRead,
        Type = Text(element, "type"),
        Tags = Find(element, "tags") is { } tags ? RuleSet.NoNames.Union(Strings(tags, "tags")) : RuleSet.NoNames,
        Params = RuleSet.NoParams.SetItems(
            Pairs(element, "params").Select(pair => KeyValuePair.Create(pair.Name, String(pair.Value, "params")))),
        Expr = Text(element, "expr"),
        OnSuccess = Text(element, "onSuccess"),
        OnFailure = Text(element, "onFailure"),
        Switch = IsTrue(element, "disabled") ? RuleSwitch.Off : RuleSwitch.On,
    };

    private static JsonElement? Find(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"An object with '{name}' in it is expected, not {element.ValueKind}.");
        }

        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static JsonElement.ObjectEnumerator Pairs(JsonElement element, string name) => Find(element, name) switch
    {
        null => default,
        { ValueKind: JsonValueKind.Object } pairs => pairs.EnumerateObject(),
        _ => throw Wrong(name, "an object"),
    };

    private static IEnumerable<string> Strings(JsonElement list, string name) => list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Select(each => String(each, name))
        : throw Wrong(name, "an array of strings");

    private static string? Text(JsonElement element, string name) =>
        Find(element, name) is { } value ? String(value, name) : null;

    private static T? Name<T>(JsonElement element, string name, Func<string, T?> read)
        where T : struct =>
        Text(element, name) is { } text
            ? read(text) ?? throw new FormatException($"'{text}' is none of the words that '{name}' may be.")
            : null;

    private static bool IsTrue(JsonElement element, string name) => Find(element, name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Wrong(name, "true or false"),
    };

    private static string String(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "text");

    private static FormatException Wrong(string name, string expected) => new($"'{name}' must be {expected}.");
}
