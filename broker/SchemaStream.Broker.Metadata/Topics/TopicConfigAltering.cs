using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>IncrementalAlterConfigs and AlterConfigs of topics: a topic takes all of its changes or none.</summary>
internal static class TopicConfigAltering
{
    private const sbyte TopicResource = (sbyte)ConfigResource.Topic;

    private static readonly string[] SetOnce = [TopicConfigNames.KeyType, TopicConfigNames.ValueType];

    public static AlterTopicConfigsReply Alter(ControllerDraft draft, AlterTopicConfigsCommand command)
    {
        var results = new List<TopicResult>(command.Topics.Count);
        foreach (var group in command.Topics.GroupBy(topic => topic.Topic, StringComparer.Ordinal))
        {
            results.Add(group.Skip(1).Any()
                ? new TopicResult(group.Key, ErrorCode.InvalidRequest, "Duplicate topic name.")
                : Alter(draft, group.First(), command.ValidateOnly));
        }

        return new AlterTopicConfigsReply(results);
    }

    private static TopicResult Alter(ControllerDraft draft, TopicConfigAlteration alteration, bool validateOnly)
    {
        if (!draft.Image.TryGetTopic(alteration.Topic, out var topic))
        {
            return new TopicResult(
                alteration.Topic, ErrorCode.UnknownTopicOrPartition, $"The topic '{alteration.Topic}' does not exist.");
        }

        if (alteration.Changes.GroupBy(change => change.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            return new TopicResult(alteration.Topic, ErrorCode.InvalidRequest, $"Error due to duplicate config key: {twice.Key}");
        }

        var configs = StartingPoint(topic, alteration);
        foreach (var change in alteration.Changes)
        {
            if (ConfigLists.Apply(configs, change, TopicConfigDefinitions.All.GetValueOrDefault, draft.Image.TopicDefaults.Value, "topic") is { } reason)
            {
                return new TopicResult(alteration.Topic, ErrorCode.InvalidConfig, reason);
            }
        }

        if (TopicConfigDefinitions.Validate(configs, draft.Image.TopicDefaults) is { } invalid)
        {
            return new TopicResult(alteration.Topic, ErrorCode.InvalidConfig, invalid);
        }

        if (ContractChange(topic, configs) is { } refusal)
        {
            return new TopicResult(alteration.Topic, ErrorCode.InvalidConfig, refusal);
        }

        var config = TopicConfig.Resolve(configs, draft.Image.TopicDefaults);
        if (TopicConfigEffects.Exceeds(draft, topic, config))
        {
            return new TopicResult(
                alteration.Topic, ErrorCode.PolicyViolation, "Too many partitions are concerned for one request; change fewer topics at once.");
        }

        if (!validateOnly)
        {
            Record(draft, topic, configs);
            TopicConfigEffects.Apply(draft, topic, config);
        }

        return new TopicResult(alteration.Topic, ErrorCode.None, null);
    }

    private static SortedDictionary<string, string> StartingPoint(TopicImage topic, TopicConfigAlteration alteration)
    {
        var configs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in topic.ConfigOverrides)
        {
            // A client that replaces all configs does not know of the contract, which no one can take back.
            if (!alteration.ReplaceAll || SetOnce.Contains(key))
            {
                configs[key] = value;
            }
        }

        return configs;
    }

    /// <summary>The contract's types are set once: another type means another topic.</summary>
    private static string? ContractChange(TopicImage topic, SortedDictionary<string, string> configs)
    {
        foreach (var key in SetOnce)
        {
            if (topic.ConfigOverrides.TryGetValue(key, out var bound) && configs.GetValueOrDefault(key) != bound)
            {
                var offered = configs.TryGetValue(key, out var other) ? $"it cannot become {other}" : "it cannot be removed";
                return $"Invalid value for configuration {key}: topic '{topic.Name}' is bound to {bound}, and {offered}. "
                    + $"A different type means a new topic, a successor such as {topic.Name}.v2.";
            }
        }

        return null;
    }

    private static void Record(ControllerDraft draft, TopicImage topic, SortedDictionary<string, string> configs)
    {
        foreach (var (key, value) in configs)
        {
            if (topic.ConfigOverrides.GetValueOrDefault(key) != value)
            {
                Add(key, value);
            }
        }

        foreach (var (key, _) in topic.ConfigOverrides)
        {
            if (!configs.ContainsKey(key))
            {
                Add(key, null);
            }
        }

        void Add(string key, string? value) => draft.Records.Add(
            new ConfigRecord { ResourceType = TopicResource, ResourceName = topic.Name, Name = key, Value = value });
    }
}
