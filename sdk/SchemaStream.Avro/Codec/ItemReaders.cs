using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Reads the items of a collection; the counterpart of <see cref="IItemWriter{T}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IItemReader<out T>
{
    /// <summary>Reads one item.</summary>
    T Read(ref AvroReader reader);
}

/// <summary>Items that have a compiled method of their own.</summary>
internal readonly struct CompiledItemReader<T>(DecodeCell<T> cell) : IItemReader<T>
{
    public T Read(ref AvroReader reader) => cell.Decode(ref reader);
}

/// <summary>Items that are ints.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IntItemReader : IItemReader<int>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ref AvroReader reader) => reader.ReadInt();
}

/// <summary>Items that are longs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LongItemReader : IItemReader<long>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Read(ref AvroReader reader) => reader.ReadLong();
}

/// <summary>Items that are doubles.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DoubleItemReader : IItemReader<double>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Read(ref AvroReader reader) => reader.ReadDouble();
}

/// <summary>Items that are strings.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StringItemReader : IItemReader<string>
{
    /// <inheritdoc/>
    public string Read(ref AvroReader reader) => reader.ReadString();
}
