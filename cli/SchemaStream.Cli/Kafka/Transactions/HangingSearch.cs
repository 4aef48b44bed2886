using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Transactions;

/// <summary>A transaction that is open on a partition.</summary>
internal sealed record OpenTransaction(TopicPartition Partition, DescribeProducersResponse.ProducerState Producer);

/// <summary>
/// Looks for transactions that are open on a partition and that no coordinator will ever end: they hold the last stable
/// offset, and with it every consumer that reads committed records only.
/// </summary>
internal sealed class HangingSearch(TransactionAdministration transactions, TimeProvider time)
{
    /// <summary>Null: all topics of <see cref="BrokerId"/>.</summary>
    public required string? Topic { get; init; }

    /// <summary>Null: all partitions.</summary>
    public required int? Partition { get; init; }

    /// <summary>Null: the partitions' leaders.</summary>
    public required int? BrokerId { get; init; }

    /// <summary>The coordinator ends by itself what is younger.</summary>
    public required TimeSpan OlderThan { get; init; }

    public async Task<IReadOnlyList<OpenTransaction>> RunAsync(CancellationToken cancellationToken)
    {
        var partitions = Topic is { } topic && Partition is { } partition
            ? [new TopicPartition(topic, partition)]
            : await transactions.PartitionsAsync(Topic, BrokerId, cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var open = new List<OpenTransaction>();
        foreach (var (each, producers) in await transactions.ProducersAsync(partitions, BrokerId, cancellationToken))
        {
            open.AddRange(producers
                .Where(producer => producer.CurrentTxnStartOffset >= 0 && now - producer.LastTimestamp > (long)OlderThan.TotalMilliseconds)
                .Select(producer => new OpenTransaction(each, producer)));
        }

        return open.Count == 0 ? [] : await WithoutCoordinatorAsync(open, cancellationToken);
    }

    /// <summary>Those that no coordinator knows as going on there: it will write no marker.</summary>
    private async Task<IReadOnlyList<OpenTransaction>> WithoutCoordinatorAsync(List<OpenTransaction> open, CancellationToken cancellationToken)
    {
        var producerIds = open.Select(each => each.Producer.ProducerId).Distinct().ToList();
        var listed = await transactions.ListAsync(producerIds, -1, null, cancellationToken);
        var going = new HashSet<(long ProducerId, TopicPartition Partition)>();
        foreach (var transaction in listed.Where(each => producerIds.Contains(each.ProducerId)))
        {
            if (await transactions.FindAsync(transaction.TransactionalId, cancellationToken) is { } described)
            {
                going.UnionWith(TransactionAdministration.PartitionsOf(described).Select(partition => (transaction.ProducerId, partition)));
            }
        }

        return [.. open.Where(each => !going.Contains((each.Producer.ProducerId, each.Partition))).OrderBy(each => each.Partition)];
    }
}
