using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs.Kafka;

/// <summary>Makes the log's topics where they are missing, and refuses those that would lose records or their order.</summary>
internal sealed class LogTopics(KafkaCluster cluster, KafkaStoreOptions options)
{
    private const short CreateVersion = 4;
    private const short DescribeConfigsVersion = 2;
    private const short ListOffsetsVersion = 5;
    private const sbyte TopicResource = 2;
    private const long Latest = -1;
    private const long Earliest = -2;

    /// <summary>A schema of the largest size, as JSON within JSON, is longer than Kafka's default of a megabyte.</summary>
    private const string LargestMessage = "8388608";

    public string NameOf(LogName log) => log == LogName.Schemas ? options.Topic : options.ContractsTopic;

    /// <exception cref="RegistryLogException">A topic is there and cannot be the log.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        string[] names = [options.Topic, options.ContractsTopic];
        var found = await cluster.DescribeAsync(names, cancellationToken).ConfigureAwait(false);
        var missing = found.Topics.Where(topic => topic.ErrorCode == ErrorCode.UnknownTopicOrPartition).ToList();
        if (missing.Count > 0)
        {
            await CreateAsync(missing.ConvertAll(topic => topic.Name!), found.Brokers.Count, cancellationToken).ConfigureAwait(false);
            found = await cluster.DescribeAsync(names, cancellationToken).ConfigureAwait(false);
        }

        foreach (var topic in found.Topics)
        {
            KafkaErrorException.Require(topic.ErrorCode, $"Topic {topic.Name}");
            if (topic.Partitions.Count != 1)
            {
                throw new RegistryLogException(
                    $"The topic {topic.Name} has {topic.Partitions.Count} partitions; a registry's log has one, or its records " +
                    "had no order. Name another topic, or recreate this one with one partition.");
            }
        }

        if (missing.Count < names.Length)
        {
            await CheckConfigsAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The offsets of a log's first record and after its last committed one.</summary>
    public async Task<(long Start, long End)> BoundsAsync(LogName log, CancellationToken cancellationToken)
    {
        var leader = await cluster.LeaderAsync(NameOf(log), ConnectionUse.Shared, cancellationToken).ConfigureAwait(false);
        return (await OffsetAsync(leader, log, Earliest, cancellationToken).ConfigureAwait(false),
            await OffsetAsync(leader, log, Latest, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Where both logs end now.</summary>
    public async Task<LogEnds> EndsAsync(CancellationToken cancellationToken)
    {
        var (_, schemas) = await BoundsAsync(LogName.Schemas, cancellationToken).ConfigureAwait(false);
        var (_, contracts) = await BoundsAsync(LogName.Contracts, cancellationToken).ConfigureAwait(false);
        return new LogEnds(schemas, contracts);
    }

    private async Task<long> OffsetAsync(KafkaConnection leader, LogName log, long which, CancellationToken cancellationToken)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = NameOf(log), Partitions = [new() { PartitionIndex = 0, Timestamp = which }] }],
        };
        var answer = await leader.SendAsync(request, ListOffsetsVersion, cancellationToken).ConfigureAwait(false);
        var partition = answer.Topics.Single().Partitions.Single();
        KafkaErrorException.Require(partition.ErrorCode, $"Offsets of {NameOf(log)}");
        return partition.Offset;
    }

    private async Task CreateAsync(List<string> names, int brokers, CancellationToken cancellationToken)
    {
        var controller = await cluster.ControllerAsync(cancellationToken).ConfigureAwait(false);
        var request = new CreateTopicsRequest { TimeoutMs = 30_000 };
        foreach (var name in names)
        {
            request.Topics.Add(new()
            {
                Name = name,
                NumPartitions = 1,
                ReplicationFactor = (short)Math.Clamp(brokers, 1, (int)options.ReplicationFactor),
                Configs = name == options.Topic
                    ? [new() { Name = "cleanup.policy", Value = "compact" }, new() { Name = "max.message.bytes", Value = LargestMessage }]
                    : [new() { Name = "cleanup.policy", Value = "delete" }, new() { Name = "retention.ms", Value = "-1" },
                        new() { Name = "retention.bytes", Value = "-1" }],
            });
        }

        var answer = await controller.SendAsync(request, CreateVersion, cancellationToken).ConfigureAwait(false);
        foreach (var topic in answer.Topics.Where(topic => topic.ErrorCode != ErrorCode.TopicAlreadyExists))
        {
            KafkaErrorException.Require(topic.ErrorCode, $"Creating topic {topic.Name} ({topic.ErrorMessage})");
        }
    }

    private async Task CheckConfigsAsync(CancellationToken cancellationToken)
    {
        var any = await cluster.AnyAsync(cancellationToken).ConfigureAwait(false);
        string[] keys = ["cleanup.policy", "retention.ms", "retention.bytes"];
        var request = new DescribeConfigsRequest
        {
            Resources =
            [
                .. new[] { options.Topic, options.ContractsTopic }.Select(topic => new DescribeConfigsRequest.DescribeConfigsResource
                {
                    ResourceType = TopicResource, ResourceName = topic, ConfigurationKeys = [.. keys],
                }),
            ],
        };
        var answer = await any.SendAsync(request, DescribeConfigsVersion, cancellationToken).ConfigureAwait(false);
        foreach (var topic in answer.Results)
        {
            KafkaErrorException.Require(topic.ErrorCode, $"Configuration of topic {topic.ResourceName}");
            var configs = topic.Configs.ToDictionary(config => config.Name, config => config.Value);
            var policy = configs.GetValueOrDefault("cleanup.policy");
            if (topic.ResourceName == options.Topic)
            {
                Demand(policy == "compact", topic.ResourceName, "cleanup.policy", policy, "compact");
            }
            else
            {
                Demand(policy == "delete", topic.ResourceName, "cleanup.policy", policy, "delete");
                foreach (var retention in new[] { "retention.ms", "retention.bytes" })
                {
                    var value = configs.GetValueOrDefault(retention);
                    Demand(value is "-1", topic.ResourceName, retention, value, "-1");
                }
            }
        }
    }

    private static void Demand(bool isMet, string topic, string name, string? found, string wanted)
    {
        if (!isMet)
        {
            throw new RegistryLogException(
                $"The topic {topic} has {name}={found}; a registry's log would lose records by that. Set {name}={wanted}.");
        }
    }
}
