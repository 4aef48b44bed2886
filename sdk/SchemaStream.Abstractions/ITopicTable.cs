using System.Diagnostics.CodeAnalysis;

namespace SchemaStream;

/// <summary>A compacted topic as a table: the latest value of every key, in memory and kept up to date.</summary>
/// <remarks>
/// The table reads all partitions itself, without a consumer group, from their beginning. A tombstone deletes its key.
/// Lookups are thread-safe and take no lock. If reading fails for good, lookups throw rather than serve what is out of date.
/// </remarks>
/// <typeparam name="TKey">The C# type of the keys; equal keys must be equal in C#.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A table is what Kafka's users call it.")]
public interface ITopicTable<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>, IAsyncDisposable
    where TKey : notnull
{
    /// <summary>The topic.</summary>
    Topic<TKey, TValue> Topic { get; }

    /// <summary>Per partition the offset of the next record that the table will take in.</summary>
    IReadOnlyList<RecordPosition> Positions { get; }

    /// <summary>Whether the table holds all that its topic held when the table was made.</summary>
    bool IsReady { get; }

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">The table has no such key.</exception>
    /// <exception cref="InvalidOperationException">Reading has failed; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The table is disposed of.</exception>
    TValue this[TKey key] { get; }

    /// <summary>Looks a key up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether the table has the key.</returns>
    /// <exception cref="InvalidOperationException">Reading has failed; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The table is disposed of.</exception>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Completes when the table holds all that its topic held when the table was made.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WhenReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>Completes when the table has taken in a record: lets a program read what it has written.</summary>
    /// <param name="position">The record, as the producer returned it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">Reading has failed; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The table is disposed of.</exception>
    Task WhenAppliedAsync(RecordPosition position, CancellationToken cancellationToken = default);

    /// <summary>Follows the changes from now on, in the order of each partition, until the table is disposed.</summary>
    /// <remarks>
    /// A reader that falls too far behind is told so by an <see cref="InvalidOperationException"/> rather than left without
    /// some changes: enumerate the table, then follow again.
    /// </remarks>
    /// <param name="cancellationToken">Ends the stream with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">Reading has failed; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The table is disposed of.</exception>
    IAsyncEnumerable<TableChange<TKey, TValue>> ReadChangesAsync(CancellationToken cancellationToken = default);
}
