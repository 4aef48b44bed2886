using System.Runtime.InteropServices;
using SchemaStream.Transport;

namespace SchemaStream.Testing.Fakes;

/// <summary>One member of a group, or a reader of all partitions, on topics in memory.</summary>
internal sealed class MemoryConsumer(string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, MemoryBroker broker)
    : IConsumerTransport
{
    private const int MostRecords = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Position> _positions = [];
    private readonly MemoryGroup _group = broker.Group(settings["group.id"]);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _tellsEnds = settings.GetValueOrDefault("enable.partition.eof") == "true";
    private IAssignmentListener? _listener;
    private volatile IReadOnlyList<AssignedPartition> _assignment = [];
    private volatile TaskCompletionSource _whenAssigned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _joining = Task.CompletedTask;
    private volatile BrokerException? _failure;
    private volatile bool _isClosing;
    private int _next;

    public string Topic => topic;

    public bool IsClosing => _isClosing;

    public IReadOnlyList<AssignedPartition> Assignment => _assignment;

    public void Open(IAssignmentListener listener)
    {
        _listener = listener;
        _joining = Task.Run(() => _group.JoinAsync(this));
    }

    public Task WaitForAssignmentAsync(CancellationToken cancellationToken) => _whenAssigned.Task.WaitAsync(cancellationToken);

    public async ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var grown = broker.Grown;
            if (TryRead() is { } batch)
            {
                return batch;
            }

            if (_closed.Task.IsCompleted)
            {
                return null;
            }

            await Task.WhenAny(grown, _closed.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public IncomingBatch? TryRead()
    {
        CommitHandled();
        if (_failure is { } failure)
        {
            throw failure;
        }

        lock (_gate)
        {
            // Each time another partition is looked at first: none starves behind a busy one.
            var positions = _positions.Values.OrderBy(position => position.Partition.Name.Partition).ToList();
            for (var i = 0; i < positions.Count; i++)
            {
                if (Read(positions[(i + _next) % positions.Count]) is { } batch)
                {
                    _next++;
                    return batch;
                }
            }

            return null;
        }
    }

    public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed.Task.IsCompleted, this);
        foreach (var (partition, offset) in positions)
        {
            _group.Commit(topic, partition, offset);
        }

        return Task.CompletedTask;
    }

    public void ApplyPauses(AssignedPartition partition) => broker.Wake();

    public Task SeekAsync(AssignedPartition partition, int generation, long offset)
    {
        lock (_gate)
        {
            if (_positions.TryGetValue(partition.Name.Partition, out var position) && position.Partition == partition)
            {
                partition.FetchGeneration = generation;
                position.Next = Resolve(partition.Name.Partition, offset);
                position.ToldEndAt = -1;
            }
        }

        broker.Wake();
        return Task.CompletedTask;
    }

    public Task<long> FindOffsetAsync(int partition, long timestampMs, CancellationToken cancellationToken) =>
        Task.FromResult(broker.FindOffset(topic, partition, timestampMs) ?? PartitionOffset.End);

    public Task<long> FindEndAsync(int partition, CancellationToken cancellationToken) =>
        Task.FromResult(broker.EndOffset(topic, partition));

    public SafeHandle? GroupMetadata() => new MemoryPlace(_group);

    /// <summary>By the group, one call at a time.</summary>
    public void Assign(IReadOnlyList<int> partitions)
    {
        var come = partitions.Select(partition => new AssignedPartition(topic, partition)).ToList();
        var starts = _listener!.OnAssigned(
            come, isWholeAssignment: true, () => [.. partitions.Select(partition => _group.Committed(topic, partition) ?? -1)]);
        lock (_gate)
        {
            foreach (var partition in come)
            {
                var number = partition.Name.Partition;
                _positions[number] = new Position(partition)
                {
                    Next = starts is not null && starts.TryGetValue(number, out var start)
                        ? Resolve(number, start)
                        : _group.Committed(topic, number) ?? Initial(number),
                };
            }

            _assignment = [.. _positions.Values.Select(position => position.Partition)];
        }

        _whenAssigned.TrySetResult();
        broker.Wake();
    }

    /// <summary>By the group, one call at a time.</summary>
    public void Revoke()
    {
        var gone = _assignment;
        try
        {
            _listener!.OnRevoking(gone, isWholeAssignment: true);
            CommitHandled();
        }
        finally
        {
            lock (_gate)
            {
                foreach (var partition in gone)
                {
                    partition.Revoke();
                }

                _positions.Clear();
                _assignment = [];
                _whenAssigned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        await _joining.ConfigureAwait(false);
        await _group.LeaveAsync(this).ConfigureAwait(false);
        _closed.TrySetResult();
    }

    private void CommitHandled()
    {
        if (options.CommitMode != CommitMode.Auto)
        {
            return;
        }

        foreach (var partition in _assignment)
        {
            var handled = partition.HandledOffset;
            if (handled > partition.StoredOffset)
            {
                partition.StoredOffset = handled;
                _group.Commit(topic, partition.Name.Partition, handled);
            }
        }
    }

    /// <summary>Under the gate.</summary>
    private MemoryBatch? Read(Position position)
    {
        if (position.Partition.Pauses != default)
        {
            return null;
        }

        var records = new List<MemoryRecord>();
        broker.Read(topic, position.Partition.Name.Partition, position.Next, MostRecords, records);
        if (records.Count > 0)
        {
            position.Next = records[^1].Offset + 1;
            return new MemoryBatch(position.Partition, position.Partition.FetchGeneration, records);
        }

        if (!_tellsEnds || position.ToldEndAt == position.Next)
        {
            return null;
        }

        position.ToldEndAt = position.Next;
        return new MemoryBatch(position.Partition, position.Partition.FetchGeneration, position.Next);
    }

    private long Resolve(int partition, long offset) => offset switch
    {
        PartitionOffset.Beginning => 0,
        PartitionOffset.End => broker.EndOffset(topic, partition),
        < 0 => _group.Committed(topic, partition) ?? Initial(partition),
        _ when offset > broker.EndOffset(topic, partition) => Initial(partition),
        _ => offset,
    };

    private long Initial(int partition) => options.AutoOffsetReset switch
    {
        AutoOffsetReset.Latest => broker.EndOffset(topic, partition),
        AutoOffsetReset.None => FailWithout(partition),
        _ => 0,
    };

    /// <summary>There is no offset to begin at, and none is to be made up: the reader gets that instead of records.</summary>
    private long FailWithout(int partition)
    {
        _failure = new BrokerException(
            "AUTO_OFFSET_RESET", $"Reading topic '{topic}' has failed: {topic}[{partition}] has no offset to go on from, and none to reset it to is set");
        return 0;
    }

    private sealed class Position(AssignedPartition partition)
    {
        public AssignedPartition Partition { get; } = partition;

        public long Next { get; set; }

        public long ToldEndAt { get; set; } = -1;
    }
}
