using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Writes the items of a collection. Structs implement it, so that each collection's loop is compiled for its items.</summary>
internal interface IItemWriter<in T>
{
    int Write(T value, ref byte start, int position, int length, int depth);
}

/// <summary>Items that have a compiled method of their own.</summary>
internal readonly struct CompiledItemWriter<T>(EncodeCell<T> cell) : IItemWriter<T>
{
    public int Write(T value, ref byte start, int position, int length, int depth) =>
        cell.Encode(value, ref start, position, length, depth);
}

internal readonly struct IntItemWriter : IItemWriter<int>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(int value, ref byte start, int position, int length, int depth) =>
        length - position < AvroWriter.RoomOfInt ? AvroWriter.Full : AvroWriter.WriteInt(ref start, position, value);
}

internal readonly struct LongItemWriter : IItemWriter<long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(long value, ref byte start, int position, int length, int depth) =>
        length - position < AvroWriter.RoomOfLong ? AvroWriter.Full : AvroWriter.WriteLong(ref start, position, value);
}

internal readonly struct DoubleItemWriter : IItemWriter<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(double value, ref byte start, int position, int length, int depth) =>
        length - position < sizeof(double) ? AvroWriter.Full : AvroWriter.WriteDouble(ref start, position, value);
}

internal readonly struct StringItemWriter(string path) : IItemWriter<string>
{
    public int Write(string value, ref byte start, int position, int length, int depth) =>
        AvroWriter.WriteString(ref start, position, length, value, path);
}
