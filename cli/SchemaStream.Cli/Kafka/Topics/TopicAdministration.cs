using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Topics;

/// <summary>Topics as the brokers tell of them and change them.</summary>
internal sealed class TopicAdministration(ToolCluster cluster)
{
    private const int TimeoutMs = 30_000;
    private const sbyte TopicResource = 2;

    /// <summary>A regular expression of someone at a terminal; still, it must end.</summary>
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    /// <summary>Names, in order, of the topics that an expression matches as a whole; all without one.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string? included, bool excludeInternal, CancellationToken cancellationToken)
    {
        var pattern = included is null ? null : Pattern(included);
        return [.. (await AllAsync(cancellationToken))
            .Where(topic => topic.Name is { } name && pattern?.IsMatch(name) != false && !(excludeInternal && topic.IsInternal))
            .Select(topic => topic.Name!)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The name of the topic of an id; null when there is none.</summary>
    public async Task<string?> FindAsync(Guid topicId, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).FirstOrDefault(topic => topic.TopicId == topicId)?.Name;

    /// <summary>Creates a topic; false when it is there and that is no error.</summary>
    public async Task<bool> CreateAsync(
        string name,
        int? partitions,
        short? replicationFactor,
        List<List<int>> assignment,
        IReadOnlyDictionary<string, string> settings,
        bool ifNotExists,
        CancellationToken cancellationToken,
        bool validateOnly = false)
    {
        var isByHand = assignment.Count > 0;
        var request = new CreateTopicsRequest
        {
            TimeoutMs = TimeoutMs,
            ValidateOnly = validateOnly,
            Topics =
            [
                new()
                {
                    Name = name,
                    NumPartitions = isByHand ? -1 : partitions ?? -1,
                    ReplicationFactor = isByHand ? (short)-1 : replicationFactor ?? -1,
                    Assignments = [.. assignment.Select((brokers, index) =>
                        new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = index, BrokerIds = brokers })],
                    Configs = [.. settings.Select(setting =>
                        new CreateTopicsRequest.CreatableTopicConfig { Name = setting.Key, Value = setting.Value })],
                },
            ],
        };
        var result = (await cluster.AskControllerAsync(request, cancellationToken)).Topics.Single();
        if (result.ErrorCode == ErrorCode.TopicAlreadyExists && ifNotExists)
        {
            return false;
        }

        Require(result.ErrorCode, result.ErrorMessage, $"Topic '{name}' was not created");
        return true;
    }

    public async Task DeleteAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return;
        }

        // By name in one field of old versions and in another of new ones: the version that is used takes its own.
        var answer = await cluster.AskControllerAsync(
            new DeleteTopicsRequest
            {
                TimeoutMs = TimeoutMs,
                TopicNames = [.. names],
                Topics = [.. names.Select(name => new DeleteTopicsRequest.DeleteTopicState { Name = name })],
            },
            cancellationToken);
        foreach (var result in answer.Responses)
        {
            Require(result.ErrorCode, result.ErrorMessage, $"Topic '{result.Name}' was not deleted");
        }
    }

    /// <summary>Raises the number of partitions.</summary>
    /// <param name="assignment">Of all partitions, those that are there included; empty leaves it to the cluster.</param>
    public async Task SetPartitionsAsync(
        IReadOnlyList<string> names, int partitions, List<List<int>> assignment, CancellationToken cancellationToken)
    {
        var described = await DescribeAsync(names, limit: null, cancellationToken);
        if (described.Count == 0)
        {
            return;
        }

        var answer = await cluster.AskControllerAsync(
            new CreatePartitionsRequest
            {
                TimeoutMs = TimeoutMs,
                Topics = [.. described.Select(topic => new CreatePartitionsRequest.CreatePartitionsTopic
                {
                    Name = topic.Name!,
                    Count = partitions,
                    Assignments = assignment.Count == 0
                        ? null
                        : [.. assignment.Skip(topic.Partitions.Count).Select(brokers =>
                            new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = brokers })],
                })],
            },
            cancellationToken);
        foreach (var result in answer.Results)
        {
            Require(result.ErrorCode, result.ErrorMessage, $"Topic '{result.Name}' was not altered");
        }
    }

    /// <summary>Topics with their partitions, in the order of the names.</summary>
    /// <param name="limit">How many partitions an answer may have; null leaves it to the broker.</param>
    public async Task<IReadOnlyList<DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic>> DescribeAsync(
        IReadOnlyList<string> names, int? limit, CancellationToken cancellationToken)
    {
        var any = await cluster.Brokers.AnyAsync(cancellationToken);
        if (!await cluster.OffersAsync(any, ApiKey.DescribeTopicPartitions, cancellationToken))
        {
            return await DescribeByMetadataAsync(names, cancellationToken);
        }

        var topics = new Dictionary<string, DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic>(StringComparer.Ordinal);
        var request = new DescribeTopicPartitionsRequest
        {
            Topics = [.. names.Order(StringComparer.Ordinal).Select(name => new DescribeTopicPartitionsRequest.TopicRequest { Name = name })],
            ResponsePartitionLimit = limit ?? 2000,
        };
        while (request.Topics.Count > 0)
        {
            var page = await cluster.AskAsync(any, request, cancellationToken);
            foreach (var topic in page.Topics)
            {
                Require(topic.ErrorCode, null, $"Topic '{topic.Name}' was not described");
                if (!topics.TryAdd(topic.Name!, topic))
                {
                    topics[topic.Name!].Partitions.AddRange(topic.Partitions);
                }
            }

            if (page.NextCursor is not { } next)
            {
                break;
            }

            request.Cursor = new() { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex };
        }

        return [.. names.Where(topics.ContainsKey).Select(name => topics[name])];
    }

    /// <summary>The settings of topics, by topic.</summary>
    public async Task<IReadOnlyDictionary<string, List<DescribeConfigsResponse.DescribeConfigsResourceResult>>> SettingsAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var answer = await cluster.AskAnyAsync(
            new DescribeConfigsRequest
            {
                Resources = [.. names.Select(name => new DescribeConfigsRequest.DescribeConfigsResource
                {
                    ResourceType = TopicResource, ResourceName = name, ConfigurationKeys = null,
                })],
            },
            cancellationToken);
        foreach (var result in answer.Results)
        {
            Require(result.ErrorCode, result.ErrorMessage, $"The settings of topic '{result.ResourceName}' were not told");
        }

        return answer.Results.ToDictionary(result => result.ResourceName, result => result.Configs, StringComparer.Ordinal);
    }

    /// <summary>The brokers that are there.</summary>
    public async Task<IReadOnlySet<int>> LiveBrokersAsync(CancellationToken cancellationToken) =>
        (await cluster.AskAnyAsync(new MetadataRequest { Topics = [], AllowAutoTopicCreation = false }, cancellationToken))
            .Brokers.Select(broker => broker.NodeId).ToHashSet();

    /// <summary>Reassignments under way, by topic and partition.</summary>
    public async Task<IReadOnlyDictionary<(string Topic, int Partition), ListPartitionReassignmentsResponse.OngoingPartitionReassignment>>
        ReassignmentsAsync(CancellationToken cancellationToken)
    {
        var answer = await cluster.AskControllerAsync(new ListPartitionReassignmentsRequest { TimeoutMs = TimeoutMs, Topics = null }, cancellationToken);
        Require(answer.ErrorCode, answer.ErrorMessage, "Reassignments were not told");
        return answer.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => (topic.Name, Partition: partition)))
            .ToDictionary(each => (each.Name, each.Partition.PartitionIndex), each => each.Partition);
    }

    private async Task<IReadOnlyList<MetadataResponse.MetadataResponseTopic>> AllAsync(CancellationToken cancellationToken) =>
        (await cluster.AskAnyAsync(new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, cancellationToken)).Topics;

    /// <summary>Brokers before Kafka 3.7 tell all in one answer, and nothing of eligible leaders.</summary>
    private async Task<IReadOnlyList<DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic>> DescribeByMetadataAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var all = (await AllAsync(cancellationToken)).ToDictionary(topic => topic.Name!, StringComparer.Ordinal);
        return [.. names.Where(all.ContainsKey).Select(name => new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic
        {
            Name = name,
            TopicId = all[name].TopicId,
            IsInternal = all[name].IsInternal,
            Partitions = [.. all[name].Partitions.Select(partition => new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition
            {
                PartitionIndex = partition.PartitionIndex,
                LeaderId = partition.LeaderId,
                ReplicaNodes = partition.ReplicaNodes,
                IsrNodes = partition.IsrNodes,
                EligibleLeaderReplicas = null,
                LastKnownElr = null,
            })],
        })];
    }

    private static Regex Pattern(string included)
    {
        try
        {
            // Several expressions may be joined by commas, as Kafka's filter of topics has it.
            return new Regex($"^(?:{included.Trim('"').Replace(',', '|')})$", RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (ArgumentException wrong)
        {
            throw new Options.ToolUsageException($"{included} is an invalid regex.", wrong);
        }
    }

    private static void Require(ErrorCode error, string? message, string what)
    {
        if (error != ErrorCode.None)
        {
            throw new ToolFailedException(error, message, what);
        }
    }
}
