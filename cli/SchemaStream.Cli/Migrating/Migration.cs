using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;

namespace SchemaStream.Cli.Migrating;

/// <summary>Brings the records of one topic to another, each once.</summary>
/// <remarks>
/// Records and how far they have been read are one transaction, so a run that was broken off, at whatever point, is gone on
/// with where its last whole transaction ended. A second run at the same time fences the first.
/// </remarks>
internal sealed class Migration(ToolCluster cluster, string from, string to, string id, RecordTransfer transfer, Action<string>? skipped, TextWriter warnings)
{
    public const string Guarantee =
        "exactly once: records and progress are one transaction, and a run that is repeated goes on where the last one ended; " +
        "readers that read committed records alone see each of them once";

    private const int MostRecords = 5_000;
    private const long MostBytes = 8 * 1024 * 1024;

    private readonly ClusterTopics _topics = new(cluster);
    private readonly TransactionalWriter _writer = new(cluster, to, id, id);

    public long Records { get; private set; }

    public long Skipped { get; private set; }

    /// <summary>Where each partition is read from and to: what has been committed, and what there is now.</summary>
    public async Task<IReadOnlyDictionary<Kafka.TopicPartition, (long Start, long End)>> PlanAsync(bool restarts, CancellationToken cancellationToken)
    {
        var partitions = (await _topics.PartitionsAsync(from, cancellationToken)).Select(number => new Kafka.TopicPartition(from, number)).ToList();
        var begins = await _topics.OffsetsAsync(partitions, ClusterTopics.Earliest, isCommittedOnly: true, cancellationToken);
        var ends = await _topics.OffsetsAsync(partitions, ClusterTopics.Latest, isCommittedOnly: true, cancellationToken);
        var committed = restarts ? [] : await GroupOffsets.FetchAsync(cluster, id, partitions, cancellationToken);
        return partitions.ToDictionary(
            partition => partition,
            partition => (Math.Max(begins[partition].Offset, committed.TryGetValue(partition, out var done) ? done.Offset : 0), ends[partition].Offset));
    }

    /// <summary>Runs until the old topic's present end; or, if it follows, until it is told to stop.</summary>
    public async Task RunAsync(bool restarts, bool follows, Action<long, long> progress, CancellationToken cancellationToken)
    {
        // First, so that nobody commits any more what is read next.
        await _writer.BeginAsync(cancellationToken);
        var plan = await PlanAsync(restarts, cancellationToken);
        var all = plan.Values.Sum(each => Math.Max(0, each.End - each.Start));
        await using var consumer = new ToolConsumer(
            cluster, _topics, new ConsumerSettings { Reset = OffsetReset.Earliest, IsCommittedOnly = true, FetchMaxWaitMs = 200 }, warnings);
        consumer.Assign(plan.ToDictionary(each => each.Key, each => (long?)each.Value.Start));
        var taken = new List<TakenRecord>();
        while (follows || !plan.All(each => consumer.Positions.TryGetValue(each.Key, out var position) && position.Offset >= each.Value.End))
        {
            taken.Clear();
            var bytes = 0L;
            await consumer.PollAsync(
                (in origin, in record) =>
                {
                    taken.Add(TakenRecord.Of(origin, record));
                    bytes += record.Key.Length + record.Value.Length;
                    return taken.Count < MostRecords && bytes < MostBytes;
                },
                cancellationToken);
            if (taken.Count > 0)
            {
                await WriteAsync(taken, cancellationToken);
                progress(Records + Skipped, all);
            }
        }
    }

    private async Task WriteAsync(List<TakenRecord> taken, CancellationToken cancellationToken)
    {
        var written = new List<WrittenRecord>(taken.Count);
        var left = 0L;
        foreach (var record in taken)
        {
            try
            {
                written.Add(await transfer.TransferAsync(record, cancellationToken));
            }
            catch (CodecException misfit) when (skipped is not null)
            {
                left++;
                skipped(misfit.Message);
            }
        }

        var offsets = taken.GroupBy(record => record.Partition)
            .ToDictionary(each => each.Key, each => new CommittedOffset(each.Max(record => record.Offset) + 1, -1, ""));
        await _writer.WriteAsync(written, offsets, cancellationToken);
        Records += written.Count;
        Skipped += left;
    }
}
