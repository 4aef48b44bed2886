using System.Buffers;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Writes arrays and maps as one counted block and the end mark. Nothing is allocated for any collection. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CollectionWriter
{
    private const int RoomOfCount = AvroWriter.RoomOfInt;

    /// <summary>An array. Checks the room itself.</summary>
    public static int WriteArray<T, TItem>(T[] items, TItem writer, ref byte start, int position, int length, int depth)
        where TItem : struct, IItemWriter<T> =>
        WriteSpan(items.AsSpan(), writer, ref start, position, length, depth);

    /// <summary>A list. Checks the room itself.</summary>
    public static int WriteList<T, TItem>(List<T> items, TItem writer, ref byte start, int position, int length, int depth)
        where TItem : struct, IItemWriter<T> =>
        WriteSpan(CollectionsMarshal.AsSpan(items), writer, ref start, position, length, depth);

    /// <summary>An immutable array, written as empty where it is the default. Checks the room itself.</summary>
    public static int WriteImmutableArray<T, TItem>(
        ImmutableArray<T> items, TItem writer, ref byte start, int position, int length, int depth)
        where TItem : struct, IItemWriter<T> =>
        WriteSpan(ImmutableCollectionsMarshal.AsArray(items).AsSpan(), writer, ref start, position, length, depth);

    /// <summary>Any other collection: copied to a pooled array first, as enumerating an interface allocates.</summary>
    public static int WriteEnumerable<T, TItem>(
        IEnumerable<T> items, TItem writer, ref byte start, int position, int length, int depth)
        where TItem : struct, IItemWriter<T>
    {
        switch (items)
        {
            case T[] array when array.GetType() == typeof(T[]):
                return WriteSpan(array.AsSpan(), writer, ref start, position, length, depth);
            case List<T> list:
                return WriteSpan(CollectionsMarshal.AsSpan(list), writer, ref start, position, length, depth);
            default:
                var copy = Rent(items, out var count);
                position = WriteSpan(copy.AsSpan(0, count), writer, ref start, position, length, depth);
                Return(copy, count);
                return position;
        }
    }

    /// <summary>A dictionary as a map. Checks the room itself; <paramref name="path"/> names it in errors.</summary>
    public static int WriteDictionary<TValue, TItem>(
        Dictionary<string, TValue> entries, TItem writer, ref byte start, int position, int length, int depth, string path)
        where TItem : struct, IItemWriter<TValue>
    {
        if (length - position < RoomOfCount)
        {
            return AvroWriter.Full;
        }

        if (entries.Count == 0)
        {
            return AvroWriter.WriteByte(ref start, position, 0);
        }

        position = AvroWriter.WriteInt(ref start, position, entries.Count);
        foreach (var entry in entries)
        {
            position = WriteEntry(entry, writer, ref start, position, length, depth, path);
            if (position < 0)
            {
                return AvroWriter.Full;
            }
        }

        return WriteEnd(ref start, position, length);
    }

    /// <summary>Any other dictionary.</summary>
    public static int WriteEntries<TValue, TItem>(
        IEnumerable<KeyValuePair<string, TValue>> entries,
        TItem writer, ref byte start, int position, int length, int depth, string path)
        where TItem : struct, IItemWriter<TValue>
    {
        if (entries is Dictionary<string, TValue> dictionary)
        {
            return WriteDictionary(dictionary, writer, ref start, position, length, depth, path);
        }

        if (length - position < RoomOfCount)
        {
            return AvroWriter.Full;
        }

        var copy = Rent(entries, out var count);
        position = count == 0 ? position : AvroWriter.WriteInt(ref start, position, count);
        for (var i = 0; i < count && position >= 0; i++)
        {
            position = WriteEntry(copy[i], writer, ref start, position, length, depth, path);
        }

        Return(copy, count);
        return WriteEnd(ref start, position, length);
    }

    private static int WriteSpan<T, TItem>(
        ReadOnlySpan<T> items, TItem writer, ref byte start, int position, int length, int depth)
        where TItem : struct, IItemWriter<T>
    {
        if (length - position < RoomOfCount)
        {
            return AvroWriter.Full;
        }

        if (items.IsEmpty)
        {
            return AvroWriter.WriteByte(ref start, position, 0);
        }

        position = AvroWriter.WriteInt(ref start, position, items.Length);
        foreach (ref readonly var item in items)
        {
            position = writer.Write(item, ref start, position, length, depth);
            if (position < 0)
            {
                return AvroWriter.Full;
            }
        }

        return WriteEnd(ref start, position, length);
    }

    private static int WriteEntry<TValue, TItem>(
        in KeyValuePair<string, TValue> entry, TItem writer, ref byte start, int position, int length, int depth, string path)
        where TItem : struct, IItemWriter<TValue>
    {
        position = AvroWriter.WriteString(ref start, position, length, entry.Key, path);
        return position < 0 ? AvroWriter.Full : writer.Write(entry.Value, ref start, position, length, depth);
    }

    internal static int WriteEnd(ref byte start, int position, int length) =>
        position < 0 || position >= length ? AvroWriter.Full : AvroWriter.WriteByte(ref start, position, 0);

    internal static T[] Rent<T>(IEnumerable<T> items, out int count)
    {
        if (items is ICollection<T> collection)
        {
            count = collection.Count;
            var copy = ArrayPool<T>.Shared.Rent(count);
            collection.CopyTo(copy, 0);
            return copy;
        }

        if (items is Queue<T> queue)
        {
            // The one common collection that is no ICollection: enumerating it through its interface would allocate.
            count = queue.Count;
            var inOrder = ArrayPool<T>.Shared.Rent(count);
            queue.CopyTo(inOrder, 0);
            return inOrder;
        }

        var grown = ArrayPool<T>.Shared.Rent(16);
        count = 0;
        foreach (var item in items)
        {
            if (count == grown.Length)
            {
                var larger = ArrayPool<T>.Shared.Rent(count * 2);
                grown.AsSpan().CopyTo(larger);
                Return(grown, count);
                grown = larger;
            }

            grown[count++] = item;
        }

        return grown;
    }

    internal static void Return<T>(T[] copy, int count)
    {
        // The pool must not keep the caller's objects alive.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            copy.AsSpan(0, count).Clear();
        }

        ArrayPool<T>.Shared.Return(copy);
    }
}
