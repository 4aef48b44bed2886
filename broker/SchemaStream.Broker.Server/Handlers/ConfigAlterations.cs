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

/// <summary>What AlterConfigs and IncrementalAlterConfigs have in common: topics' configs go to the controller, others are refused.</summary>
internal static class ConfigAlterations
{
    // The requests carry no time limit; this is the admin clients' own default.
    private const int TimeoutMs = 30_000;

    public static async ValueTask ApplyAsync(
        IMetadataAccess metadata, IReadOnlyList<ConfigAlteration> alterations, bool replaceAll, bool validateOnly, RequestContext context)
    {
        var topics = new List<TopicConfigAlteration>();
        var open = new List<ConfigAlteration>();
        var named = alterations.CountBy(alteration => (alteration.ResourceType, alteration.ResourceName)).ToDictionary();
        foreach (var alteration in alterations)
        {
            var isRepeated = named[(alteration.ResourceType, alteration.ResourceName)] > 1;
            if ((isRepeated ? "Each resource must appear at most once." : Refusal(alteration)) is { } message)
            {
                (alteration.Error, alteration.Message) = (ErrorCode.InvalidRequest, message);
                continue;
            }

            topics.Add(new TopicConfigAlteration(alteration.ResourceName, alteration.Changes, replaceAll));
            open.Add(alteration);
        }

        if (topics.Count == 0)
        {
            return;
        }

        var command = new AlterTopicConfigsCommand(topics, validateOnly);
        var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
        for (var i = 0; i < open.Count; i++)
        {
            (open[i].Error, open[i].Message) = (reply.Topics[i].ErrorCode, reply.Topics[i].ErrorMessage);
        }
    }

    private static string? Refusal(ConfigAlteration alteration)
    {
        if ((ConfigResourceType)alteration.ResourceType == ConfigResourceType.Broker)
        {
            return "The settings of a broker are told when it starts; none can be changed while it runs";
        }

        if ((ConfigResourceType)alteration.ResourceType != ConfigResourceType.Topic)
        {
            return $"ResourceType: expected 2 (topic), found {alteration.ResourceType}";
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
