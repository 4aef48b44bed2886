using System.Globalization;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>IncrementalAlterConfigs and AlterConfigs of brokers: a broker takes all of its changes or none.</summary>
internal static class BrokerConfigAltering
{
    public static AlterBrokerConfigsReply Alter(ControllerDraft draft, AlterBrokerConfigsCommand command)
    {
        var results = new List<BrokerConfigResult>(command.Brokers.Count);
        foreach (var group in command.Brokers.GroupBy(broker => broker.Broker, StringComparer.Ordinal))
        {
            results.Add(group.Skip(1).Any()
                ? new BrokerConfigResult(group.Key, ErrorCode.InvalidRequest, "Duplicate broker.")
                : Alter(draft, group.First(), command.ValidateOnly));
        }

        return new AlterBrokerConfigsReply(results);
    }

    private static BrokerConfigResult Alter(ControllerDraft draft, BrokerConfigAlteration alteration, bool validateOnly)
    {
        var broker = alteration.Broker;
        if (Check(draft.Image, broker) is { } unknown)
        {
            return new BrokerConfigResult(broker, unknown.Error, unknown.Message);
        }

        if (alteration.Changes.CountBy(change => change.Key, StringComparer.Ordinal).FirstOrDefault(key => key.Value > 1).Key is { } twice)
        {
            return new BrokerConfigResult(broker, ErrorCode.InvalidRequest, $"Error due to duplicate config key: {twice}");
        }

        var before = draft.Image.BrokerConfigs.GetValueOrDefault(broker) ?? TopicImage.NoConfigs;
        var after = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in alteration.ReplaceAll ? TopicImage.NoConfigs : before)
        {
            after[key] = value;
        }

        foreach (var change in alteration.Changes)
        {
            if (Apply(draft, broker, after, change) is { } reason)
            {
                return new BrokerConfigResult(broker, ErrorCode.InvalidConfig, reason);
            }
        }

        var image = draft.Image.WithBrokerConfigs(broker, after);
        var defaults = draft.Image.TopicDefaults.In(image);
        if (EffectOnTopics(draft, defaults) is not { } topics)
        {
            return new BrokerConfigResult(
                broker, ErrorCode.PolicyViolation, "Too many partitions are concerned for one request; change their topics instead.");
        }

        if (!validateOnly)
        {
            ResourceConfigAltering.Record(draft, ConfigResource.Broker, broker, before, after);
            foreach (var (topic, config) in topics)
            {
                TopicConfigEffects.Apply(draft, topic, config);
            }
        }

        return new BrokerConfigResult(broker, ErrorCode.None, null);
    }

    private static (ErrorCode Error, string Message)? Check(MetadataImage image, string broker)
    {
        if (broker.Length == 0)
        {
            return null;
        }

        if (!int.TryParse(broker, NumberStyles.None, CultureInfo.InvariantCulture, out var brokerId)
            || broker != brokerId.ToString(CultureInfo.InvariantCulture))
        {
            return (ErrorCode.InvalidRequest, $"Unable to parse broker name '{broker}' as a base 10 number.");
        }

        return image.Brokers.ContainsKey(brokerId)
            ? null
            : (ErrorCode.BrokerIdNotRegistered, $"No broker with id {brokerId} found.");
    }

    private static string? Apply(ControllerDraft draft, string broker, SortedDictionary<string, string> configs, ConfigChange change)
    {
        if (!BrokerConfigDefinitions.All.TryGetValue(change.Key, out var definition))
        {
            return $"Cannot update these configs dynamically: {change.Key}";
        }

        if (broker.Length > 0 && BrokerConfigDefinitions.IsOfTheClusterOnly(change.Key) && change.Operation != ConfigOperation.Delete)
        {
            return $"Broker-level {change.Key} cannot be altered: it is the whole cluster's, or a topic's.";
        }

        return ConfigLists.Apply(
                configs,
                change,
                BrokerConfigDefinitions.All.GetValueOrDefault,
                row => (broker.Length > 0 ? draft.Image.BrokerConfigs.GetValueOrDefault("")?.GetValueOrDefault(row.Name) : null) ?? row.DefaultValue,
                "broker")
            ?? (configs.TryGetValue(change.Key, out var value) ? definition.Validate(value) : null);
    }

    /// <summary>The topics whose partitions are touched by other defaults; null where they are too many at once.</summary>
    private static List<(TopicImage Topic, TopicConfig Config)>? EffectOnTopics(ControllerDraft draft, TopicConfigDefaults defaults)
    {
        var before = draft.Image.TopicDefaults;
        var min = TopicConfigDefinitions.All[TopicConfigNames.MinInSyncReplicas];
        var unclean = TopicConfigDefinitions.All[TopicConfigNames.UncleanLeaderElectionEnable];
        var touched = new List<(TopicImage, TopicConfig)>();
        if (before.Value(min) == defaults.Value(min) && before.Value(unclean) == defaults.Value(unclean))
        {
            return touched;
        }

        var partitions = 0;
        foreach (var (_, topic) in draft.Image.TopicsByName)
        {
            var config = TopicConfig.Resolve(topic.ConfigOverrides, defaults);
            if (TopicConfigEffects.IsEffective(topic.Config, config))
            {
                touched.Add((topic, config));
                partitions += topic.Partitions.Length;
            }
        }

        return draft.Records.Count + partitions > draft.Options.MaxRecordsPerDecision ? null : touched;
    }
}
