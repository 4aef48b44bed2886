using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>
/// IncrementalAlterConfigs and AlterConfigs of what is there by its configs alone: subscriptions to clients' metrics, and
/// groups. A resource takes all of its changes or none; without any config it is gone.
/// </summary>
internal static class ResourceConfigAltering
{
    /// <summary>Characters; a bound of ours.</summary>
    private const int LongestName = 1_024;

    public static AlterResourceConfigsReply Alter(ControllerDraft draft, AlterResourceConfigsCommand command)
    {
        if (command.Resource is not (ConfigResource.ClientMetrics or ConfigResource.Group))
        {
            return command.Refused(ErrorCode.InvalidRequest, $"Unexpected resource type {(sbyte)command.Resource}.");
        }

        var results = new List<ResourceConfigResult>(command.Resources.Count);
        var added = 0;
        foreach (var group in command.Resources.GroupBy(resource => resource.Name, StringComparer.Ordinal))
        {
            results.Add(group.Skip(1).Any()
                ? new ResourceConfigResult(group.Key, ErrorCode.InvalidRequest, "Each resource must appear at most once.")
                : Alter(draft, command, group.First(), ref added));
        }

        return new AlterResourceConfigsReply(results);
    }

    private static ResourceConfigResult Alter(
        ControllerDraft draft, AlterResourceConfigsCommand command, ResourceConfigAlteration alteration, ref int added)
    {
        var isGroup = command.Resource == ConfigResource.Group;
        if (alteration.Name.Length is 0 or > LongestName)
        {
            return Failed(ErrorCode.InvalidRequest, isGroup ? "Group name must not be empty, nor longer than 1024 characters"
                : "Client metrics subscription name must not be empty, nor longer than 1024 characters");
        }

        if (alteration.Changes.CountBy(change => change.Key, StringComparer.Ordinal).FirstOrDefault(key => key.Value > 1).Key is { } twice)
        {
            return Failed(ErrorCode.InvalidRequest, $"Error due to duplicate config key: {twice}");
        }

        var all = draft.Image.ConfigsOf(command.Resource);
        var before = all.GetValueOrDefault(alteration.Name) ?? TopicImage.NoConfigs;
        var after = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in alteration.ReplaceAll ? TopicImage.NoConfigs : before)
        {
            after[key] = value;
        }

        var definitions = isGroup ? GroupConfigDefinitions.All : ClientMetricsConfigDefinitions.All;
        foreach (var change in alteration.Changes)
        {
            if (ConfigLists.Apply(
                after, change, key => definitions.GetValueOrDefault(key), definition => definition.DefaultValue, isGroup ? "group" : "client metrics") is { } reason)
            {
                return Failed(ErrorCode.InvalidConfig, reason);
            }
        }

        if ((isGroup ? GroupConfigDefinitions.Validate(after) : ClientMetricsConfigDefinitions.Validate(after)) is { } invalid)
        {
            return Failed(ErrorCode.InvalidConfig, invalid);
        }

        var limit = isGroup ? draft.Options.MaxGroupsWithConfigs : draft.Options.MaxClientMetricsSubscriptions;
        if (before.IsEmpty && after.Count > 0 && all.Count + added++ >= limit)
        {
            return Failed(ErrorCode.PolicyViolation, $"The cluster keeps configs of {limit} of these, and takes no more.");
        }

        if (!command.ValidateOnly)
        {
            Record(draft, command.Resource, alteration.Name, before, after);
        }

        return new ResourceConfigResult(alteration.Name, ErrorCode.None, null);

        ResourceConfigResult Failed(ErrorCode error, string message) => new(alteration.Name, error, message);
    }

    /// <summary>The records that lead from the one set to the other.</summary>
    public static void Record(
        ControllerDraft draft,
        ConfigResource resource,
        string name,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after)
    {
        foreach (var key in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var value = after.GetValueOrDefault(key);
            if (before.GetValueOrDefault(key) != value)
            {
                draft.Records.Add(new ConfigRecord { ResourceType = (sbyte)resource, ResourceName = name, Name = key, Value = value });
            }
        }
    }
}
