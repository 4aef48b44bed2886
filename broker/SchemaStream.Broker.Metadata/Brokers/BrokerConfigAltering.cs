using System.Collections.Immutable;
using System.Globalization;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
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

        var before = draft.Image.BrokerConfigs.GetValueOrDefault(broker) ?? TopicImage.NoConfigs;
        var after = alteration.ReplaceAll ? before.Clear() : before;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in alteration.Changes)
        {
            if (!keys.Add(change.Key))
            {
                return new BrokerConfigResult(broker, ErrorCode.InvalidRequest, $"Error due to duplicate config key: {change.Key}");
            }

            if (Check(change) is { } reason)
            {
                return new BrokerConfigResult(broker, ErrorCode.InvalidConfig, reason);
            }

            after = change.Operation == ConfigOperation.Delete ? after.Remove(change.Key) : after.SetItem(change.Key, change.Value!);
        }

        if (!validateOnly)
        {
            Record(draft, broker, before, after);
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

    private static string? Check(ConfigChange change)
    {
        if (!BrokerConfigDefinitions.All.TryGetValue(change.Key, out var definition))
        {
            return $"Cannot update these configs dynamically: {change.Key}";
        }

        return change.Operation switch
        {
            ConfigOperation.Delete => null,
            ConfigOperation.Set when change.Value is not null => definition.Validate(change.Value),
            ConfigOperation.Set => $"Null value not supported for broker configs: {change.Key}",
            _ => $"Can't {change.Operation.ToString().ToUpperInvariant()} to key {change.Key} because its type is not LIST.",
        };
    }

    private static void Record(
        ControllerDraft draft,
        string broker,
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> after)
    {
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var value = after.GetValueOrDefault(key);
            if (before.GetValueOrDefault(key) != value)
            {
                draft.Records.Add(new ConfigRecord
                {
                    ResourceType = (sbyte)ConfigResource.Broker,
                    ResourceName = broker,
                    Name = key,
                    Value = value,
                });
            }
        }
    }
}
