using System.Collections.Concurrent;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>What writers were told of their records, to be held against what the topic has.</summary>
internal sealed class Account(string bootstrapServers, string topic, int partitions)
{
    private readonly ConcurrentDictionary<SealedValue, long> _acknowledged = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<(int Producer, int Partition), long> _written = new();
    private readonly long[] _ends = new long[partitions];

    public int Acknowledged => _acknowledged.Count;

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Behind the last record of a partition that was acknowledged: the log's end is never before it again.</summary>
    public long EndOf(int partition) => Volatile.Read(ref _ends[partition]);

    /// <summary>A record was acknowledged.</summary>
    public void Take(SealedValue value, long offset)
    {
        if (!_acknowledged.TryAdd(value, offset))
        {
            _failures.Enqueue($"{value} was acknowledged twice");
        }

        long end;
        while ((end = EndOf(value.Partition)) <= offset
            && Interlocked.CompareExchange(ref _ends[value.Partition], offset + 1, end) != end)
        {
        }
    }

    /// <summary>All is answered, and nothing has failed: a writer's records are there up to this number.</summary>
    public void Finish(int producer, int partition, long written) => _written[(producer, partition)] = written;

    /// <summary>What must not come: a record that failed, or a producer.</summary>
    public void Fail(string failure) => _failures.Enqueue(failure);

    /// <summary>Reads everything: each record whole, each acknowledged one once and at its place, and each writer's in its order.</summary>
    public void Verify()
    {
        var next = new Dictionary<(int Producer, int Partition), long>();
        var seen = 0;
        Clusters.Topics.ReadToEnd(bootstrapServers, topic, record =>
        {
            var value = SealedValue.Open(record.Message.Value);
            value.Partition.ShouldBe(record.Partition.Value, $"{record.TopicPartitionOffset}");
            var writer = (value.Producer, value.Partition);
            value.Number.ShouldBe(next.GetValueOrDefault(writer), $"the next of {writer} at {record.TopicPartitionOffset}");
            next[writer] = value.Number + 1;
            if (_acknowledged.TryGetValue(value, out var offset))
            {
                record.Offset.Value.ShouldBe(offset, $"{value} was acknowledged there");
                seen++;
            }
        });
        foreach (var (writer, written) in _written)
        {
            next.GetValueOrDefault(writer).ShouldBe(written, $"all records of {writer}");
        }

        seen.ShouldBe(_acknowledged.Count, "acknowledged records that are there");
    }
}
