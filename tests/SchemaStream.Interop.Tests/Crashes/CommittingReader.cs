using System.Collections.Concurrent;
using Confluent.Kafka;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>A consumer group that reads what is written and commits as it goes; it remembers which commits were answered.</summary>
internal sealed class CommittingReader(string bootstrapServers, string topic, string group)
{
    private const int CommitEvery = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<int, long> _committed = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private int _commits;

    /// <summary>Commits that were answered.</summary>
    public int Commits => _commits;

    public IReadOnlyCollection<string> Failures => _failures;

    public Task ReadAsync(CancellationToken stop) => Task.Run(() => Read(stop), CancellationToken.None);

    /// <summary>What the broker has as committed is at or behind what it once said it had.</summary>
    public void ShouldNotHaveGoneBack()
    {
        var before = new Dictionary<int, long>(_committed);
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(Config()).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        var found = consumer.Committed(before.Keys.Select(partition => new Confluent.Kafka.TopicPartition(topic, partition)), Limit);
        foreach (var partition in found)
        {
            partition.Offset.Value.ShouldBeGreaterThanOrEqualTo(before[partition.Partition], $"committed for {partition.TopicPartition}");
        }
    }

    private void Read(CancellationToken stop)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(Config()).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(topic);
        var positions = new Dictionary<int, long>();
        for (var read = 0; !stop.IsCancellationRequested;)
        {
            var result = Next(consumer);
            if (result is null)
            {
                continue;
            }

            CheckPlace(positions, result);
            if (++read % CommitEvery == 0)
            {
                Commit(consumer);
            }
        }

        consumer.Close();
    }

    private void CheckPlace(Dictionary<int, long> positions, ConsumeResult<Ignore, string> result)
    {
        // A member that was put out of the group resumes at the commit, which lies at or behind the last one answered.
        var (partition, offset) = (result.Partition.Value, result.Offset.Value);
        if (positions.TryGetValue(partition, out var position) && offset > position)
        {
            _failures.Enqueue($"{result.TopicPartition}: {offset} comes behind {position - 1}");
        }
        else if (offset < _committed.GetValueOrDefault(partition))
        {
            _failures.Enqueue($"{result.TopicPartition}: {offset} comes though {_committed[partition]} was committed");
        }

        positions[partition] = offset + 1;
        try
        {
            SealedValue.Open(result.Message.Value);
        }
        catch (InvalidDataException torn)
        {
            _failures.Enqueue($"{result.TopicPartitionOffset}: {torn.Message}");
        }
    }

    private void Commit(IConsumer<Ignore, string> consumer)
    {
        try
        {
            foreach (var done in consumer.Commit())
            {
                _committed.AddOrUpdate(done.Partition, done.Offset, (_, before) => Math.Max(before, done.Offset));
            }

            Interlocked.Increment(ref _commits);
        }
        catch (KafkaException)
        {
            // The broker is down, or the group comes together again: not answered, so nothing is promised.
        }
    }

    private static ConsumeResult<Ignore, string>? Next(IConsumer<Ignore, string> consumer)
    {
        try
        {
            return consumer.Consume(TimeSpan.FromMilliseconds(100));
        }
        catch (ConsumeException)
        {
            return null; // the broker is down
        }
    }

    private ConsumerConfig Config() => new()
    {
        BootstrapServers = bootstrapServers,
        GroupId = group,
        AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        CheckCrcs = true,
        SessionTimeoutMs = 6000,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 100,
    };
}
