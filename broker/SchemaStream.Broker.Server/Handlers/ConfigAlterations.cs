using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>One resource whose configs a request changes, and then how that went.</summary>
internal sealed record ConfigAlteration(sbyte ResourceType, string ResourceName, IReadOnlyList<ConfigChange> Changes)
{
    public ErrorCode Error { get; set; }

    public string? Message { get; set; }
}

/// <summary>
/// What AlterConfigs and IncrementalAlterConfigs have in common: the configs of topics, and those of brokers that can change
/// while brokers run, go to the controller; others are refused.
/// </summary>
internal static class ConfigAlterations
{
    // The requests carry no time limit; this is the admin clients' own default.
    private const int TimeoutMs = 30_000;

    public static async ValueTask ApplyAsync(
        IMetadataAccess metadata, IReadOnlyList<ConfigAlteration> alterations, bool replaceAll, bool validateOnly, RequestContext context)
    {
        var open = Open(alterations);
        var topics = open.FindAll(alteration => (ConfigResourceType)alteration.ResourceType == ConfigResourceType.Topic);
        if (topics.Count > 0)
        {
            var command = new AlterTopicConfigsCommand(
                topics.ConvertAll(topic => new TopicConfigAlteration(topic.ResourceName, topic.Changes, replaceAll)), validateOnly);
            var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
            for (var i = 0; i < topics.Count; i++)
            {
                (topics[i].Error, topics[i].Message) = (reply.Topics[i].ErrorCode, reply.Topics[i].ErrorMessage);
            }
        }

        var brokers = open.FindAll(alteration => (ConfigResourceType)alteration.ResourceType == ConfigResourceType.Broker);
        if (brokers.Count > 0)
        {
            var command = new AlterBrokerConfigsCommand(
                brokers.ConvertAll(broker => new BrokerConfigAlteration(broker.ResourceName, broker.Changes, replaceAll)), validateOnly);
            var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
            for (var i = 0; i < brokers.Count; i++)
            {
                (brokers[i].Error, brokers[i].Message) = (reply.Brokers[i].ErrorCode, reply.Brokers[i].ErrorMessage);
            }
        }
    }

    /// <summary>Those that the controller has to decide about; the others have their error already.</summary>
    private static List<ConfigAlteration> Open(IReadOnlyList<ConfigAlteration> alterations)
    {
        var open = new List<ConfigAlteration>();
        var named = alterations.CountBy(alteration => (alteration.ResourceType, alteration.ResourceName)).ToDictionary();
        foreach (var alteration in alterations)
        {
            var isRepeated = named[(alteration.ResourceType, alteration.ResourceName)] > 1;
            if ((isRepeated ? "Each resource must appear at most once." : Refusal(alteration)) is { } message)
            {
                (alteration.Error, alteration.Message) = (ErrorCode.InvalidRequest, message);
            }
            else
            {
                open.Add(alteration);
            }
        }

        return open;
    }

    private static string? Refusal(ConfigAlteration alteration)
    {
        if ((ConfigResourceType)alteration.ResourceType is not (ConfigResourceType.Topic or ConfigResourceType.Broker))
        {
            return $"ResourceType: expected 2 (topic) or 4 (broker), found {alteration.ResourceType}";
        }

        foreach (var change in alteration.Changes)
        {
            if (!Enum.IsDefined(change.Operation))
            {
                return $"ConfigOperation of '{change.Key}': expected 0 to 3, found {(sbyte)change.Operation}";
            }
        }

        return null;
    }
}
