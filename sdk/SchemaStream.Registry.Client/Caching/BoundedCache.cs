using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SchemaStream.Registry.Client.Caching;

/// <summary>Remembers up to a number of facts that never change; the oldest goes first.</summary>
/// <remarks>Reads take no lock. Concurrent misses on one key share one fetch.</remarks>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, TValue> _values = new();
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue?>>> _pending = new();
    private readonly ConcurrentQueue<TKey> _order = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public void Store(TKey key, TValue value)
    {
        if (!_values.TryAdd(key, value))
        {
            return;
        }

        _order.Enqueue(key);
        while (_values.Count > capacity && _order.TryDequeue(out var oldest))
        {
            _values.TryRemove(oldest, out _);
        }
    }

    /// <summary>Answers from memory or fetches; what is fetched as null is not remembered.</summary>
    /// <remarks>
    /// The fetch outlives a caller that gives up, since others may wait for it: <paramref name="fetch"/> gets no token
    /// and is bounded by its own time-out.
    /// </remarks>
    public async ValueTask<TValue?> GetAsync(
        TKey key, Func<Task<TValue?>> fetch, CancellationToken cancellationToken)
    {
        if (_values.TryGetValue(key, out var known))
        {
            return known;
        }

        var pending = _pending.GetOrAdd(key, k => new Lazy<Task<TValue?>>(() => FetchAndStoreAsync(k, fetch)));
        return await pending.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<TValue?> FetchAndStoreAsync(TKey key, Func<Task<TValue?>> fetch)
    {
        try
        {
            var value = await fetch().ConfigureAwait(false);
            if (value is not null)
            {
                Store(key, value);
            }

            return value;
        }
        finally
        {
            _pending.TryRemove(key, out _);
        }
    }
}
