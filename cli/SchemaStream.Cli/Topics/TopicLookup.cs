using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Topics;

/// <summary>The topics of a cluster, and those of them that a command names.</summary>
internal static class TopicLookup
{
    /// <summary>All topics, by name. Creates none.</summary>
    public static async Task<IReadOnlyList<MetadataResponse.MetadataResponseTopic>> AllAsync(ToolCluster cluster, CancellationToken cancellationToken) =>
        [.. (await cluster.AskAnyAsync(new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, cancellationToken)).Topics
            .Where(topic => topic.Name is not null).OrderBy(topic => topic.Name, StringComparer.Ordinal)];

    /// <summary>The topics of these names, in their order.</summary>
    /// <exception cref="CliException">One is not there.</exception>
    public static async Task<IReadOnlyList<MetadataResponse.MetadataResponseTopic>> RequireAsync(
        ToolCluster cluster, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var all = (await AllAsync(cluster, cancellationToken)).ToDictionary(topic => topic.Name!, StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!all.TryGetValue(name, out var found) || found.ErrorCode == ErrorCode.UnknownTopicOrPartition)
            {
                throw ErrorCatalog.TopicUnknown.Exception($"There is no topic '{name}'.", nextStep: NearMisses.Ask(name, all.Keys));
            }

            KafkaErrorException.Require(found.ErrorCode, $"Topic {name}");
        }

        return [.. names.Select(name => all[name])];
    }
}
