using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Writes the items of a collection. Structs implement it, so that each collection's loop is compiled for its items.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IItemWriter<in T>
{
    /// <summary>Writes one item and returns the next position, or <see cref="AvroWriter.Full"/>.</summary>
    int Write(T value, ref byte start, int position, int length, int depth);
}

/// <summary>Items that have a compiled method of their own.</summary>
internal readonly struct CompiledItemWriter<T>(EncodeCell<T> cell) : IItemWriter<T>
{
    public int Write(T value, ref byte start, int position, int length, int depth) =>
        cell.Encode(value, ref start, position, length, depth);
}

/// <summary>Items that are ints.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IntItemWriter : IItemWriter<int>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(int value, ref byte start, int position, int length, int depth) =>
        length - position < AvroWriter.RoomOfInt ? AvroWriter.Full : AvroWriter.WriteInt(ref start, position, value);
}

/// <summary>Items that are longs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LongItemWriter : IItemWriter<long>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(long value, ref byte start, int position, int length, int depth) =>
        length - position < AvroWriter.RoomOfLong ? AvroWriter.Full : AvroWriter.WriteLong(ref start, position, value);
}

/// <summary>Items that are doubles.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DoubleItemWriter : IItemWriter<double>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(double value, ref byte start, int position, int length, int depth) =>
        length - position < sizeof(double) ? AvroWriter.Full : AvroWriter.WriteDouble(ref start, position, value);
}

/// <summary>Items that are strings.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StringItemWriter(string path) : IItemWriter<string>
{
    /// <inheritdoc/>
    public int Write(string value, ref byte start, int position, int length, int depth) =>
        AvroWriter.WriteString(ref start, position, length, value, path);
}
