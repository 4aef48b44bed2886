using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>The reader of one retry topic: a member of a group of its own, handling with the same handler.</summary>
internal sealed class RetryTier<TKey, TValue> : IAssignmentListener, IAsyncDisposable
{
    private readonly RecordSource<TKey, TValue> _source;
    private readonly IConsumerTransport _transport;
    private readonly Processor<TKey, TValue> _processor;

    /// <summary>Joins the group of the retry topic.</summary>
    /// <param name="source">The topic's records.</param>
    /// <param name="transport">Where they come from.</param>
    /// <param name="processor">Handles them.</param>
    public RetryTier(
        RecordSource<TKey, TValue> source, IConsumerTransport transport, Processor<TKey, TValue> processor)
    {
        _source = source;
        _transport = transport;
        _processor = processor;
        transport.Open(this);
    }

    /// <summary>Handles records until told to stop.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RunAsync(CancellationToken cancellationToken) => _processor.RunAsync(cancellationToken);

    /// <inheritdoc />
    public IReadOnlyDictionary<int, long>? OnAssigned(
        IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment, Func<IReadOnlyList<long>> committed) => null;

    /// <inheritdoc />
    public void OnRevoking(IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment) => _processor.OnRevoking(partitions);

    /// <inheritdoc />
    public void OnLost(IReadOnlyList<AssignedPartition> partitions) => _processor.OnLost(partitions);

    /// <summary>Leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync().ConfigureAwait(false);
        _source.DropBatch();
        _processor.Dispose();
    }
}
