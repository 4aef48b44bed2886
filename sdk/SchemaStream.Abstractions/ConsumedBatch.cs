using System.Collections;

namespace SchemaStream;

/// <summary>Records that are handled together, in the order of their offsets within each partition.</summary>
/// <remarks>The consumer reuses the memory: a batch is valid until the loop asks for the next one. Copy what you keep.</remarks>
/// <typeparam name="TKey">The C# type of the keys.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
public readonly struct ConsumedBatch<TKey, TValue> : IReadOnlyList<ConsumedRecord<TKey, TValue>>, IEquatable<ConsumedBatch<TKey, TValue>>
{
    /// <summary>Makes a batch of records.</summary>
    /// <param name="records">The records.</param>
    public ConsumedBatch(ReadOnlyMemory<ConsumedRecord<TKey, TValue>> records) => Memory = records;

    /// <summary>The records.</summary>
    public ReadOnlyMemory<ConsumedRecord<TKey, TValue>> Memory { get; }

    /// <summary>The records, to walk without copying one: <c>foreach (ref readonly var record in batch.Span)</c>.</summary>
    public ReadOnlySpan<ConsumedRecord<TKey, TValue>> Span => Memory.Span;

    /// <summary>How many records there are; at least one.</summary>
    public int Count => Memory.Length;

    /// <summary>A record.</summary>
    /// <param name="index">Its place, from 0.</param>
    public ConsumedRecord<TKey, TValue> this[int index] => Memory.Span[index];

    /// <summary>Whether two batches are the same memory.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(ConsumedBatch<TKey, TValue> left, ConsumedBatch<TKey, TValue> right) => left.Equals(right);

    /// <summary>Whether two batches are different memory.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(ConsumedBatch<TKey, TValue> left, ConsumedBatch<TKey, TValue> right) => !left.Equals(right);

    /// <summary>Walks the records; the loop may await.</summary>
    public Enumerator GetEnumerator() => new(Memory);

    /// <inheritdoc />
    public bool Equals(ConsumedBatch<TKey, TValue> other) => Memory.Equals(other.Memory);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ConsumedBatch<TKey, TValue> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => Memory.GetHashCode();

    IEnumerator<ConsumedRecord<TKey, TValue>> IEnumerable<ConsumedRecord<TKey, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks a batch.</summary>
    public struct Enumerator : IEnumerator<ConsumedRecord<TKey, TValue>>
    {
        private readonly ReadOnlyMemory<ConsumedRecord<TKey, TValue>> _records;
        private int _index;

        internal Enumerator(ReadOnlyMemory<ConsumedRecord<TKey, TValue>> records)
        {
            _records = records;
            _index = -1;
        }

        /// <inheritdoc />
        public readonly ConsumedRecord<TKey, TValue> Current => _records.Span[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc />
        public bool MoveNext() => ++_index < _records.Length;

        /// <inheritdoc />
        public void Reset() => _index = -1;

        /// <inheritdoc />
        public readonly void Dispose()
        {
        }
    }
}
