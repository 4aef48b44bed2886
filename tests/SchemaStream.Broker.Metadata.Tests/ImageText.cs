using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Tests;

/// <summary>All that an image says, as text: equal images have equal texts.</summary>
internal static class ImageText
{
    public static string Of(MetadataImage image) => string.Join('\n',
    [
        $"{image.Offset} {image.ClusterId} {image.NextProducerId} {image.PartitionCount} {string.Join(',', image.Features)}",
        .. image.Brokers.Values.Select(Of),
        .. image.BrokerConfigs.Select(configs => $"'{configs.Key}' {string.Join(',', configs.Value)}"),
        .. image.ClientQuotas.Entities.Select(quotas => $"{quotas.Key} {string.Join(',', quotas.Value)}"),
        .. image.ClientMetrics.Concat(image.GroupConfigs).Select(configs => $"'{configs.Key}' {string.Join(',', configs.Value)}"),
        .. image.ScramCredentials.Select(credential =>
            $"{credential.Key} {credential.Value.Iterations} {string.Join(',', credential.Value.Salt)} {string.Join(',', credential.Value.StoredKey)}"),
        .. image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal).Select(Of),
        .. image.TopicsByBroker.OrderBy(topics => topics.Key).Select(topics => $"on {topics.Key}: {string.Join(',', topics.Value)}"),
    ]);

    private static string Of(BrokerRegistration broker) =>
        $"{broker.BrokerId}/{broker.BrokerEpoch} {broker.IncarnationId} {broker.DirectoryId} {broker.Rack} {broker.Fenced} "
        + $"{broker.InControlledShutdown} {string.Join(',', broker.Endpoints)}";

    private static string Of(TopicImage topic) =>
        $"{topic.Name} {topic.TopicId} {string.Join(',', topic.ConfigOverrides)} {string.Join(' ', topic.Partitions.Select(Of))}";

    private static string Of(PartitionRegistration partition) =>
        $"[{List(partition.Replicas)}|{List(partition.Isr)}|{List(partition.Elr)}|{List(partition.LastKnownElr)}|{List(partition.AddingReplicas)}"
        + $"|{List(partition.RemovingReplicas)}|{partition.Leader}/{partition.LeaderEpoch}/{partition.PartitionEpoch}]";

    private static string List(ImmutableArray<int> ids) => string.Join(',', ids);
}
