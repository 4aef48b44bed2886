using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Records;
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
/// What AlterConfigs and IncrementalAlterConfigs have in common: the configs of topics, those of brokers that can change while
/// brokers run, and those of groups and subscriptions go to the controller; others are refused.
/// </summary>
internal static class ConfigAlterations
{
    // The requests carry no time limit; this is the admin clients' own default.
    private const int TimeoutMs = 30_000;

    public static async ValueTask ApplyAsync(
        IMetadataAccess metadata, IReadOnlyList<ConfigAlteration> alterations, bool replaceAll, bool validateOnly, RequestContext context)
    {
        var open = Open(alterations);
        if (Of(open, ConfigResourceType.Topic) is { Count: > 0 } topics)
        {
            var command = new AlterTopicConfigsCommand(
                topics.ConvertAll(topic => new TopicConfigAlteration(topic.ResourceName, topic.Changes, replaceAll)), validateOnly);
            var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
            Tell(topics, index => (reply.Topics[index].ErrorCode, reply.Topics[index].ErrorMessage));
        }

        if (Of(open, ConfigResourceType.Broker) is { Count: > 0 } brokers)
        {
            var command = new AlterBrokerConfigsCommand(
                brokers.ConvertAll(broker => new BrokerConfigAlteration(broker.ResourceName, broker.Changes, replaceAll)), validateOnly);
            var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
            Tell(brokers, index => (reply.Brokers[index].ErrorCode, reply.Brokers[index].ErrorMessage));
        }

        foreach (var type in new[] { ConfigResourceType.ClientMetrics, ConfigResourceType.Group })
        {
            if (Of(open, type) is { Count: > 0 } resources)
            {
                var command = new AlterResourceConfigsCommand(
                    (ConfigResource)type,
                    resources.ConvertAll(resource => new ResourceConfigAlteration(resource.ResourceName, resource.Changes, replaceAll)),
                    validateOnly);
                var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
                Tell(resources, index => (reply.Resources[index].ErrorCode, reply.Resources[index].ErrorMessage));
            }
        }
    }

    private static List<ConfigAlteration> Of(List<ConfigAlteration> open, ConfigResourceType type) =>
        open.FindAll(alteration => (ConfigResourceType)alteration.ResourceType == type);

    private static void Tell(List<ConfigAlteration> alterations, Func<int, (ErrorCode, string?)> outcome)
    {
        for (var i = 0; i < alterations.Count; i++)
        {
            (alterations[i].Error, alterations[i].Message) = outcome(i);
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
        switch ((ConfigResourceType)alteration.ResourceType)
        {
            case ConfigResourceType.Topic or ConfigResourceType.Broker or ConfigResourceType.ClientMetrics or ConfigResourceType.Group:
                break;
            case ConfigResourceType.BrokerLogger:
                return "The log levels of this broker are set at its start; they cannot be changed while it runs.";
            default:
                return $"Unknown resource type {alteration.ResourceType}.";
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
