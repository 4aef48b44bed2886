using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>
/// An image as records: replayed on an empty image, as of the same offset, they give the same image again. So a snapshot
/// needs no form of its own.
/// </summary>
public static class MetadataSnapshot
{
    /// <summary>Records of one list.</summary>
    private const int ListLength = 1_000;

    /// <summary>No broker: who got the last producer ids does not matter any more.</summary>
    private const int NoBroker = -1;

    /// <summary>In lists of a bounded length, to be written one after the other. What is equal gives equal records.</summary>
    public static IEnumerable<IReadOnlyList<IRecordMessage>> RecordsOf(MetadataImage image) =>
        ClusterRecords(image).Concat(TopicRecords(image)).Chunk(ListLength);

    private static IEnumerable<IRecordMessage> ClusterRecords(MetadataImage image)
    {
        if (image.ClusterId.Length > 0)
        {
            yield return new ClusterRecord { ClusterId = image.ClusterId };
        }

        foreach (var (name, level) in image.Features)
        {
            yield return new FeatureLevelRecord { Name = name, Level = level };
        }

        foreach (var broker in image.Brokers.Values)
        {
            yield return BrokerRecords.Registration(broker);
        }

        foreach (var resource in new[] { ConfigResource.Broker, ConfigResource.ClientMetrics, ConfigResource.Group })
        {
            foreach (var (name, configs) in image.ConfigsOf(resource))
            {
                foreach (var (key, value) in configs)
                {
                    yield return Config(resource, name, key, value);
                }
            }
        }

        foreach (var (entity, quotas) in image.ClientQuotas.Entities)
        {
            foreach (var (key, value) in quotas)
            {
                yield return ClientQuotaAltering.RecordOf(entity, key, value);
            }
        }

        foreach (var (user, credential) in image.ScramCredentials)
        {
            yield return ScramCredentialAltering.RecordOf(new ScramCredentialChange(user, credential));
        }

        if (image.NextProducerId > 0)
        {
            yield return new ProducerIdsRecord { BrokerId = NoBroker, BrokerEpoch = -1, NextProducerId = image.NextProducerId };
        }
    }

    private static IEnumerable<IRecordMessage> TopicRecords(MetadataImage image)
    {
        foreach (var topic in image.TopicsByName.Values.OrderBy(topic => topic.TopicId))
        {
            yield return new TopicRecord { Name = topic.Name, TopicId = topic.TopicId };
            foreach (var (key, value) in topic.ConfigOverrides)
            {
                yield return Config(ConfigResource.Topic, topic.Name, key, value);
            }

            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                yield return PartitionRecords.Whole(topic.TopicId, index, topic.Partitions[index]);
            }
        }
    }

    private static ConfigRecord Config(ConfigResource resource, string name, string key, string value) =>
        new() { ResourceType = (sbyte)resource, ResourceName = name, Name = key, Value = value };
}
