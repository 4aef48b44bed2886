using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SchemaStream.Hosting.Health;

namespace SchemaStream.Hosting.Tables;

/// <summary>
/// A table as a service, which there is before its topic has been read: it answers once it is caught up, and anew when it had to be
/// read again. It is kept up to date until the host is disposed, after all that may look something up in it has stopped.
/// </summary>
/// <param name="topic">The topic.</param>
/// <param name="state">Told how the table is, so that it is ready for health checks when it is for lookups.</param>
internal sealed class HostedTable<TKey, TValue>(Topic<TKey, TValue> topic, PartState state) : ITopicTable<TKey, TValue>, IHostedTable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<ITopicTable<TKey, TValue>> _next = NewSource();
    private volatile ITopicTable<TKey, TValue>? _table;
    private bool _isDisposed;

    public Topic<TKey, TValue> Topic => topic;

    public bool IsReady => _table?.IsReady ?? false;

    public int Count => Table.Count;

    public IReadOnlyList<RecordPosition> Positions => _table?.Positions ?? [];

    /// <summary>Whether nothing more is to be read.</summary>
    public bool IsDisposed
    {
        get
        {
            lock (_lock)
            {
                return _isDisposed;
            }
        }
    }

    private ITopicTable<TKey, TValue> Table => _table ?? throw (IsDisposed
        ? new ObjectDisposedException(nameof(ITopicTable<TKey, TValue>), $"The table of topic '{topic.Name}' is disposed of.")
        : new InvalidOperationException(
            $"The table of topic '{topic.Name}' is not caught up yet: the host has to be started, and WhenReadyAsync completes when it is."));

    public TValue this[TKey key] => Table[key];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => Table.TryGet(key, out value);

    public Task WhenReadyAsync(CancellationToken cancellationToken = default) => NextAsync(cancellationToken);

    public Task WhenAppliedAsync(RecordPosition position, CancellationToken cancellationToken = default)
    {
        return _table is { } table ? table.WhenAppliedAsync(position, cancellationToken) : WaitAndAskAsync();

        async Task WaitAndAskAsync()
        {
            var made = await NextAsync(cancellationToken).ConfigureAwait(false);
            await made.WhenAppliedAsync(position, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>From now on where the table is caught up, else from when it is.</summary>
    public IAsyncEnumerable<TableChange<TKey, TValue>> ReadChangesAsync(CancellationToken cancellationToken = default) =>
        _table is { } table ? table.ReadChangesAsync(cancellationToken) : WaitAndReadAsync(cancellationToken);

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => Table.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return; // services ask for it under several names, and the container disposes each
            }

            _isDisposed = true;
            Refuse(_next, new ObjectDisposedException(nameof(ITopicTable<TKey, TValue>)));
        }

        if (_table is { } table)
        {
            await table.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Answers from a table that is caught up, in the place of the one before, which has failed.</summary>
    /// <param name="table">The table, which is this one's from now on.</param>
    public async Task TakeAsync(ITopicTable<TKey, TValue> table)
    {
        ITopicTable<TKey, TValue>? done;
        lock (_lock)
        {
            done = _isDisposed ? table : _table;
            if (!_isDisposed)
            {
                _table = table;
                state.Run();
                _next.TrySetResult(table);
            }
        }

        if (done is not null)
        {
            await done.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The table has failed and is read again: who waits from now on waits for that.</summary>
    /// <param name="failure">Why it has failed.</param>
    public void BeginAgain(Exception failure)
    {
        lock (_lock)
        {
            state.Fail(failure);
            if (_next.Task.IsCompletedSuccessfully && !_isDisposed)
            {
                _next = NewSource();
            }
        }
    }

    /// <summary>The table has failed, and there will be no other.</summary>
    /// <param name="failure">Why.</param>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            BeginAgain(failure);
            Refuse(_next, failure);
        }
    }

    private static TaskCompletionSource<ITopicTable<TKey, TValue>> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Refuse(TaskCompletionSource<ITopicTable<TKey, TValue>> source, Exception failure)
    {
        if (source.TrySetException(failure))
        {
            _ = source.Task.Exception; // seen: often no one waits
        }
    }

    private Task<ITopicTable<TKey, TValue>> NextAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _next.Task.WaitAsync(cancellationToken);
        }
    }

    private async IAsyncEnumerable<TableChange<TKey, TValue>> WaitAndReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await NextAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var change in table.ReadChangesAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }
}
