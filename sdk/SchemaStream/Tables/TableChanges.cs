using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SchemaStream.Tables;

/// <summary>The readers of a table's change stream. A slow one costs a bounded queue, and then its place.</summary>
/// <param name="topic">The topic, for the message.</param>
/// <param name="capacity">How many changes may wait for a reader.</param>
internal sealed class TableChanges<TKey, TValue>(string topic, int capacity)
{
    private readonly Lock _lock = new();
    private volatile Channel<TableChange<TKey, TValue>>[] _readers = [];
    private bool _hasEnded;

    /// <summary>Follows the changes from this call on.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<TableChange<TKey, TValue>> FollowAsync(CancellationToken cancellationToken)
    {
        var reader = Channel.CreateBounded<TableChange<TKey, TValue>>(
            new BoundedChannelOptions(capacity) { SingleWriter = true, SingleReader = true });
        lock (_lock)
        {
            if (_hasEnded)
            {
                reader.Writer.TryComplete();
            }
            else
            {
                _readers = [.. _readers, reader];
            }
        }

        return ReadAsync(reader, cancellationToken);
    }

    /// <summary>Tells all readers of a change. Called by one thread.</summary>
    /// <param name="change">The change.</param>
    public void Publish(in TableChange<TKey, TValue> change)
    {
        foreach (var reader in _readers)
        {
            if (!reader.Writer.TryWrite(change))
            {
                Leave(reader);
                reader.Writer.TryComplete(new InvalidOperationException(
                    $"This reader of the changes of topic '{topic}' is more than {capacity} changes behind, and misses some from here on: "
                    + "enumerate the table, then follow again."));
            }
        }
    }

    /// <summary>There are no more changes.</summary>
    /// <param name="failure">Why; null when the table was disposed.</param>
    public void End(Exception? failure)
    {
        lock (_lock)
        {
            _hasEnded = true;
            foreach (var reader in _readers)
            {
                reader.Writer.TryComplete(failure);
            }

            _readers = [];
        }
    }

    private async IAsyncEnumerable<TableChange<TKey, TValue>> ReadAsync(
        Channel<TableChange<TKey, TValue>> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in reader.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            Leave(reader);
        }
    }

    private void Leave(Channel<TableChange<TKey, TValue>> reader)
    {
        lock (_lock)
        {
            _readers = [.. _readers.Where(other => !ReferenceEquals(other, reader))];
        }
    }
}
