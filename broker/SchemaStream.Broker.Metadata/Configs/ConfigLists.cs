using SchemaStream.Broker.Metadata.Commands;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>One config's change, in the set that a resource has of its own.</summary>
internal static class ConfigLists
{
    /// <param name="configs">What the resource has of its own.</param>
    /// <param name="change">What to do.</param>
    /// <param name="find">A config's definition; null where there is none of this name, which is told elsewhere.</param>
    /// <param name="inherited">What a list is that the resource says nothing of.</param>
    /// <param name="kind">As in "topic configs".</param>
    /// <returns>Why it cannot be; null if it can.</returns>
    public static string? Apply(
        SortedDictionary<string, string> configs,
        ConfigChange change,
        Func<string, TopicConfigDefinition?> find,
        Func<TopicConfigDefinition, string?> inherited,
        string kind)
    {
        switch (change.Operation)
        {
            case ConfigOperation.Set when change.Value is not null:
                configs[change.Key] = change.Value;
                return null;
            case ConfigOperation.Delete:
                configs.Remove(change.Key);
                return null;
            case ConfigOperation.Set:
                return $"Null value not supported for {kind} configs: {change.Key}";
            case ConfigOperation.Append or ConfigOperation.Subtract:
                return find(change.Key) is { } definition
                    ? ChangeList(configs, change, definition, inherited, kind)
                    : $"Unknown {kind} config name: {change.Key}";
            default:
                return $"Unknown operation {(sbyte)change.Operation} on config {change.Key}";
        }
    }

    private static string? ChangeList(
        SortedDictionary<string, string> configs,
        ConfigChange change,
        TopicConfigDefinition definition,
        Func<TopicConfigDefinition, string?> inherited,
        string kind)
    {
        if (definition.Type != ConfigType.List)
        {
            return $"Can't {change.Operation.ToString().ToUpperInvariant()} to key {change.Key} because its type is not LIST.";
        }

        if (change.Value is null)
        {
            return $"Null value not supported for {kind} configs: {change.Key}";
        }

        var current = configs.GetValueOrDefault(change.Key) ?? inherited(definition) ?? "";
        var items = TopicConfigDefinition.Items(current).ToList();
        foreach (var item in TopicConfigDefinition.Items(change.Value))
        {
            if (change.Operation == ConfigOperation.Subtract)
            {
                items.Remove(item);
            }
            else if (!items.Contains(item))
            {
                items.Add(item);
            }
        }

        configs[change.Key] = string.Join(',', items);
        return null;
    }
}
