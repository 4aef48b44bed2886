using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Writes collections whose items have a compiled loop: one call for all of them.</summary>
internal static class CompiledItems
{
    public static int WriteArray<T>(T[] items, EncodeItemsCell<T> cell, ref byte start, int position, int length, int depth) =>
        Write(items.AsSpan(), cell, ref start, position, length, depth);

    public static int WriteList<T>(List<T> items, EncodeItemsCell<T> cell, ref byte start, int position, int length, int depth) =>
        Write(CollectionsMarshal.AsSpan(items), cell, ref start, position, length, depth);

    public static int WriteImmutableArray<T>(
        ImmutableArray<T> items, EncodeItemsCell<T> cell, ref byte start, int position, int length, int depth) =>
        Write(ImmutableCollectionsMarshal.AsArray(items).AsSpan(), cell, ref start, position, length, depth);

    public static int WriteEnumerable<T>(
        IEnumerable<T> items, EncodeItemsCell<T> cell, ref byte start, int position, int length, int depth)
    {
        switch (items)
        {
            case T[] array when array.GetType() == typeof(T[]):
                return Write(array.AsSpan(), cell, ref start, position, length, depth);
            case List<T> list:
                return Write(CollectionsMarshal.AsSpan(list), cell, ref start, position, length, depth);
            default:
                var copy = CollectionWriter.Rent(items, out var count);
                position = Write(copy.AsSpan(0, count), cell, ref start, position, length, depth);
                CollectionWriter.Return(copy, count);
                return position;
        }
    }

    private static int Write<T>(
        ReadOnlySpan<T> items, EncodeItemsCell<T> cell, ref byte start, int position, int length, int depth)
    {
        if (length - position < AvroWriter.RoomOfInt)
        {
            return AvroWriter.Full;
        }

        if (!items.IsEmpty)
        {
            position = cell.Encode(items, ref start, AvroWriter.WriteInt(ref start, position, items.Length), length, depth);
        }

        return CollectionWriter.WriteEnd(ref start, position, length);
    }
}
