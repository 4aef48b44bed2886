using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Reads the items of a collection; the counterpart of <see cref="IItemWriter{T}"/>.</summary>
internal interface IItemReader<out T>
{
    T Read(ref AvroReader reader);
}

/// <summary>Items that have a compiled method of their own.</summary>
internal readonly struct CompiledItemReader<T>(DecodeCell<T> cell) : IItemReader<T>
{
    public T Read(ref AvroReader reader) => cell.Decode(ref reader);
}

internal readonly struct IntItemReader : IItemReader<int>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ref AvroReader reader) => reader.ReadInt();
}

internal readonly struct LongItemReader : IItemReader<long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Read(ref AvroReader reader) => reader.ReadLong();
}

internal readonly struct DoubleItemReader : IItemReader<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Read(ref AvroReader reader) => reader.ReadDouble();
}

internal readonly struct StringItemReader : IItemReader<string>
{
    public string Read(ref AvroReader reader) => reader.ReadString();
}
