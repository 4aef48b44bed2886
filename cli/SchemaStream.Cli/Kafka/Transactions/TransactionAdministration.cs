using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Transactions;

/// <summary>A transactional id that a coordinator knows.</summary>
internal sealed record ListedTransaction(string TransactionalId, int CoordinatorId, long ProducerId, string State);

/// <summary>A transaction on one partition that a marker is to end.</summary>
internal sealed record AbortedTransaction(TopicPartition Partition, long ProducerId, short ProducerEpoch, int CoordinatorEpoch)
{
    public override string ToString() => FormattableString.Invariant(
        $"AbortTransactionSpec(topicPartition={Partition}, producerId={ProducerId}, producerEpoch={ProducerEpoch}, coordinatorEpoch={CoordinatorEpoch})");
}

/// <summary>Transactions as coordinators and leaders tell of them, and how they are ended from outside.</summary>
internal sealed class TransactionAdministration(ToolCluster cluster)
{
    /// <summary>A broker is asked of no more partitions at once.</summary>
    private const int MaxPartitions = 500;

    private const short ListWithDuration = 1;
    private const short ListWithPattern = 2;

    /// <summary>The version of FindCoordinator that tells of one coordinator.</summary>
    private const short FindOne = 2;

    /// <summary>Of the transactions that the fencing producer never begins.</summary>
    private const int FenceTimeoutMs = 30_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Transactional ids of all coordinators, by coordinator and name.</summary>
    /// <param name="producerIds">Only those of some producers; empty: of all.</param>
    /// <param name="durationMs">Only transactions that are open for longer; negative: all.</param>
    /// <param name="pattern">Only those whose names match; null: all.</param>
    /// <exception cref="ToolFailedException">A broker is too old for one of the filters.</exception>
    public async Task<IReadOnlyList<ListedTransaction>> ListAsync(
        IReadOnlyCollection<long> producerIds, long durationMs, string? pattern, CancellationToken cancellationToken)
    {
        var listed = new List<ListedTransaction>();
        foreach (var node in (await cluster.Brokers.DescribeAsync([], cancellationToken)).Brokers.OrderBy(each => each.NodeId))
        {
            var answer = await WhenReadyAsync(
                async () =>
                {
                    var broker = await cluster.Brokers.BrokerAsync(node.NodeId, ConnectionUse.Shared, cancellationToken);
                    var version = await cluster.VersionAsync<ListTransactionsResponse>(broker, short.MaxValue, cancellationToken);
                    RequireVersion(durationMs >= 0, version, ListWithDuration, "--duration-filter");
                    RequireVersion(pattern is not null, version, ListWithPattern, "--transactional-id-pattern");
                    return await broker.SendAsync(
                        new ListTransactionsRequest { ProducerIdFilters = [.. producerIds], DurationFilter = durationMs, TransactionalIdPattern = pattern },
                        version,
                        cancellationToken);
                },
                answer => answer.ErrorCode,
                $"Transactions of broker {node.NodeId}",
                cancellationToken);
            listed.AddRange(answer.TransactionStates
                .OrderBy(each => each.TransactionalId, StringComparer.Ordinal)
                .Select(each => new ListedTransaction(each.TransactionalId, node.NodeId, each.ProducerId, each.TransactionState)));
        }

        return listed;
    }

    /// <summary>One transactional id, and its coordinator.</summary>
    /// <exception cref="KafkaErrorException">There is none such.</exception>
    public async Task<(int CoordinatorId, DescribeTransactionsResponse.DescribedTransaction Transaction)> DescribeAsync(
        string transactionalId, CancellationToken cancellationToken)
    {
        var coordinator = -1;
        var answer = await WhenReadyAsync(
            async () =>
            {
                (coordinator, var connection) = await CoordinatorAsync(transactionalId, cancellationToken);
                return await cluster.AskAsync(
                    connection, new DescribeTransactionsRequest { TransactionalIds = [transactionalId] }, cancellationToken);
            },
            answer => answer.TransactionStates.Single().ErrorCode,
            $"DescribeTransactions request for transactional id `{transactionalId}` failed",
            cancellationToken);
        return (coordinator, answer.TransactionStates.Single());
    }

    /// <summary>One transactional id; null when there is none such.</summary>
    public async Task<DescribeTransactionsResponse.DescribedTransaction?> FindAsync(string transactionalId, CancellationToken cancellationToken)
    {
        try
        {
            return (await DescribeAsync(transactionalId, cancellationToken)).Transaction;
        }
        catch (KafkaErrorException missing) when (missing.Error == ErrorCode.TransactionalIdNotFound)
        {
            return null;
        }
    }

    /// <summary>The partitions that a transaction has written to.</summary>
    public static IEnumerable<TopicPartition> PartitionsOf(DescribeTransactionsResponse.DescribedTransaction transaction) =>
        transaction.Topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition)));

    /// <summary>All partitions, or those of a topic; of one broker's replicas, or all.</summary>
    /// <exception cref="KafkaErrorException">There is no such topic.</exception>
    public async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(string? topic, int? replica, CancellationToken cancellationToken)
    {
        var topics = topic is not null
            ? (await cluster.Brokers.DescribeAsync([topic], cancellationToken)).Topics
            : (await cluster.AskAnyAsync(new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, cancellationToken)).Topics;
        var found = new List<TopicPartition>();
        foreach (var each in topics)
        {
            Require(topic is null ? ErrorCode.None : each.ErrorCode, $"Topic {topic}");
            found.AddRange(each.Partitions
                .Where(partition => replica is null || partition.ReplicaNodes.Contains(replica.Value))
                .Select(partition => new TopicPartition(each.Name!, partition.PartitionIndex)));
        }

        return found;
    }

    /// <summary>The producers that a partition's leader, or another replica of it, remembers.</summary>
    public async Task<IReadOnlyList<DescribeProducersResponse.ProducerState>> ProducersAsync(
        TopicPartition partition, int? brokerId, CancellationToken cancellationToken) =>
        (await ProducersAsync([partition], brokerId, cancellationToken))[partition];

    /// <inheritdoc cref="ProducersAsync(TopicPartition, int?, CancellationToken)"/>
    public async Task<IReadOnlyDictionary<TopicPartition, List<DescribeProducersResponse.ProducerState>>> ProducersAsync(
        IReadOnlyList<TopicPartition> partitions, int? brokerId, CancellationToken cancellationToken)
    {
        if (brokerId is not null)
        {
            await cluster.Brokers.DescribeAsync([], cancellationToken);
        }

        var byBroker = brokerId is { } broker
            ? new Dictionary<int, List<TopicPartition>> { [broker] = [.. partitions] }
            : await new ClusterTopics(cluster).ByLeaderAsync(partitions, cancellationToken);
        var found = new SortedDictionary<TopicPartition, List<DescribeProducersResponse.ProducerState>>();
        foreach (var (node, its) in byBroker)
        {
            foreach (var some in its.Chunk(MaxPartitions))
            {
                var connection = await cluster.Brokers.BrokerAsync(node, ConnectionUse.Shared, cancellationToken);
                var answer = await cluster.AskAsync(connection, new DescribeProducersRequest { Topics = ByTopic(some) }, cancellationToken);
                foreach (var (topic, partition) in answer.Topics.SelectMany(topic => topic.Partitions.Select(partition => (topic, partition))))
                {
                    var which = new TopicPartition(topic.Name, partition.PartitionIndex);
                    Require(partition.ErrorCode, $"Producers of {which}");
                    found[which] = partition.ActiveProducers;
                }
            }
        }

        return found;
    }

    /// <summary>Writes the marker that ends a transaction on a partition, in the coordinator's place.</summary>
    public async Task AbortAsync(AbortedTransaction aborted, CancellationToken cancellationToken)
    {
        var topics = new ClusterTopics(cluster);
        var leader = await topics.LeaderAsync(aborted.Partition, cancellationToken);
        Require(leader < 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None, $"Partition {aborted.Partition}");
        var broker = await cluster.Brokers.BrokerAsync(leader, ConnectionUse.Shared, cancellationToken);
        var answer = await cluster.AskAsync(
            broker,
            new WriteTxnMarkersRequest
            {
                Markers =
                [
                    new()
                    {
                        ProducerId = aborted.ProducerId,
                        ProducerEpoch = aborted.ProducerEpoch,
                        CoordinatorEpoch = aborted.CoordinatorEpoch,
                        TransactionResult = false,
                        Topics = [new() { Name = aborted.Partition.Topic, PartitionIndexes = [aborted.Partition.Partition] }],
                    },
                ],
            },
            cancellationToken);
        Require(answer.Markers.Single().Topics.Single().Partitions.Single().ErrorCode, $"WriteTxnMarkers for {aborted.Partition}");
    }

    /// <summary>Gives a transactional id a new epoch: the coordinator aborts what is open, and the producer is fenced.</summary>
    public Task FenceAsync(string transactionalId, CancellationToken cancellationToken) => WhenReadyAsync(
        async () =>
        {
            var (_, connection) = await CoordinatorAsync(transactionalId, cancellationToken);
            return await cluster.AskAsync(
                connection,
                new InitProducerIdRequest { TransactionalId = transactionalId, TransactionTimeoutMs = FenceTimeoutMs, ProducerId = -1, ProducerEpoch = -1 },
                cancellationToken);
        },
        answer => answer.ErrorCode,
        $"InitProducerId of {transactionalId}",
        cancellationToken);

    private async Task<(int NodeId, KafkaConnection Connection)> CoordinatorAsync(string transactionalId, CancellationToken cancellationToken)
    {
        await cluster.Brokers.DescribeAsync([], cancellationToken);
        var any = await cluster.Brokers.AnyAsync(cancellationToken);
        var found = await cluster.AskAsync(
            any, new FindCoordinatorRequest { Key = transactionalId, KeyType = (sbyte)CoordinatorKind.Transaction }, FindOne, cancellationToken);
        Require(found.ErrorCode, $"Coordinator of {transactionalId}");
        return (found.NodeId, await cluster.Brokers.BrokerAsync(found.NodeId, ConnectionUse.Shared, cancellationToken));
    }

    /// <summary>Asks again while a coordinator is only not ready.</summary>
    private static async Task<T> WhenReadyAsync<T>(
        Func<Task<T>> ask, Func<T, ErrorCode> errorOf, string what, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await ask();
                Require(errorOf(answer), what);
                return answer;
            }
            catch (KafkaErrorException passing) when ((passing.IsPassing || passing.Error == ErrorCode.ConcurrentTransactions)
                && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private static List<DescribeProducersRequest.TopicRequest> ByTopic(TopicPartition[] partitions) =>
        [.. partitions.GroupBy(partition => partition.Topic).Select(topic => new DescribeProducersRequest.TopicRequest
        {
            Name = topic.Key, PartitionIndexes = [.. topic.Select(partition => partition.Partition)],
        })];

    private static void RequireVersion(bool isNeeded, short version, short least, string option)
    {
        if (isNeeded && version < least)
        {
            throw new ToolFailedException($"{option}: the broker does not serve ListTransactions in version {least}, which has this filter");
        }
    }

    private static void Require(ErrorCode error, string what) => KafkaErrorException.Require(error, what);
}
