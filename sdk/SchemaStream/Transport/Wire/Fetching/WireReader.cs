using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>All partitions of a topic from their beginning, and those that are added later, without a group.</summary>
internal sealed class WireReader : IConsumerTransport
{
    /// <summary>How long a topic may be unknown: one that was just made is not known to all brokers at once.</summary>
    private static readonly TimeSpan UnknownTopicPatience = TimeSpan.FromSeconds(5);

    /// <summary>How often added partitions are looked for at least.</summary>
    private static readonly TimeSpan LongestLookInterval = TimeSpan.FromSeconds(30);

    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IWireCluster _cluster;
    private readonly FetchSettings _settings;
    private readonly TaskCompletionSource _whenAssigned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _madeAt;
    private readonly Lock _learning = new();
    private PartitionFetcher? _fetcher;
    private IAssignmentListener? _listener;
    private volatile IReadOnlyList<AssignedPartition> _assignment = [];

    /// <summary>Makes a reader, which begins when it is opened.</summary>
    public WireReader(string topic, FetchSettings settings, IWireCluster cluster, TimeProvider time, ILogger logger)
    {
        _topic = topic;
        _cluster = cluster;
        _time = time;
        _logger = logger;
        _madeAt = time.GetTimestamp();
        _settings = settings with
        {
            MetadataInterval = settings.MetadataInterval > TimeSpan.Zero && settings.MetadataInterval < LongestLookInterval
                ? settings.MetadataInterval
                : LongestLookInterval,
        };
    }

    public IReadOnlyList<AssignedPartition> Assignment => _assignment;

    private PartitionFetcher Fetcher => _fetcher ?? throw new InvalidOperationException("The reader was not opened.");

    public void Open(IAssignmentListener listener)
    {
        _listener = listener;
        _fetcher = new PartitionFetcher(_topic, _settings, _cluster, committed: null, _time, _logger, Learn);
    }

    public Task WaitForAssignmentAsync(CancellationToken cancellationToken) => Fetcher.OrFailAsync(_whenAssigned.Task, cancellationToken);

    public ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken) => Fetcher.ReadAsync(cancellationToken);

    public IncomingBatch? TryRead() => Fetcher.TryRead();

    public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken) =>
        positions.Count == 0 ? Task.CompletedTask : Task.FromException(WithoutGroup());

    public void ApplyPauses(AssignedPartition partition) => Fetcher.Nudge();

    public Task SeekAsync(AssignedPartition partition, int generation, long offset)
    {
        Fetcher.Seek(partition, generation, offset);
        return Task.CompletedTask;
    }

    public Task<long> FindOffsetAsync(int partition, long timestampMs, CancellationToken cancellationToken) =>
        Fetcher.FindAsync(partition, timestampMs, cancellationToken);

    public Task<long> FindEndAsync(int partition, CancellationToken cancellationToken) =>
        Fetcher.FindAsync(partition, PartitionOffset.End, cancellationToken);

    public SafeHandle? GroupMetadata() => throw WithoutGroup();

    public async ValueTask DisposeAsync()
    {
        if (_fetcher is { } fetcher)
        {
            await fetcher.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            await _cluster.DisposeAsync().ConfigureAwait(false);
        }

        if (_whenAssigned.TrySetException(new ObjectDisposedException(nameof(ITopicTable<,>))))
        {
            _ = _whenAssigned.Task.Exception; // seen: often no one waits
        }
    }

    private InvalidOperationException WithoutGroup() => new($"Topic '{_topic}' is read without a group: there is nothing to commit to.");

    /// <summary>Takes the partitions that there are and that it has not yet.</summary>
    private void Learn(PartitionFetcher fetcher, TopicLayout layout)
    {
        if (layout.Error == ErrorCode.UnknownTopicOrPartition && _assignment.Count == 0
            && _time.GetElapsedTime(_madeAt) > UnknownTopicPatience)
        {
            fetcher.End(new BrokerException("UNKNOWN_TOPIC_OR_PART", $"The brokers have no topic '{_topic}'"));
            return;
        }

        lock (_learning)
        {
            TakeNew(fetcher, layout);
        }
    }

    private void TakeNew(PartitionFetcher fetcher, TopicLayout layout)
    {
        var had = _assignment;
        if (layout.Error != ErrorCode.None || layout.Leaders.Count <= had.Count)
        {
            return;
        }

        var known = had.Select(partition => partition.Name.Partition).ToHashSet();
        List<AssignedPartition> come = [.. layout.Leaders
            .Where(leader => !known.Contains(leader.Partition))
            .OrderBy(leader => leader.Partition)
            .Select(leader => new AssignedPartition(_topic, leader.Partition))];
        _ = _listener!.OnAssigned(come, had.Count == 0, () => []);
        _assignment = [.. had, .. come];
        fetcher.Add(come, [.. come.Select(_ => PartitionOffset.Beginning)]);
        _logger.PartitionsAssigned(_topic, come.Count, _assignment.Count);
        _whenAssigned.TrySetResult();
    }
}
