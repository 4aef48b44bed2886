using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Reads arrays and maps. A declared count is held against the bytes that are left. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CollectionReader
{
    /// <summary>An array; <paramref name="minItemBytes"/> is the fewest bytes that an item takes.</summary>
    public static T[] ReadArray<T, TItem>(ref AvroReader reader, TItem item, int minItemBytes)
        where TItem : struct, IItemReader<T>
    {
        var block = reader.ReadBlock(minItemBytes);
        if (block == 0)
        {
            return [];
        }

        var items = new T[reader.RoomFor(block)];
        var count = 0;
        do
        {
            var end = checked(count + block);
            while (count < end)
            {
                if (count == items.Length)
                {
                    Array.Resize(ref items, Math.Max(Math.Min(end, count * 2), count + 1));
                }

                items[count++] = item.Read(ref reader);
            }

            block = reader.ReadBlock(minItemBytes);
        }
        while (block > 0);

        if (count != items.Length)
        {
            Array.Resize(ref items, count);
        }

        return items;
    }

    /// <summary>A list.</summary>
    public static List<T> ReadList<T, TItem>(ref AvroReader reader, TItem item, int minItemBytes)
        where TItem : struct, IItemReader<T>
    {
        var block = reader.ReadBlock(minItemBytes);
        var list = new List<T>(reader.RoomFor(block));
        while (block > 0)
        {
            if (list.Count == 0 && block <= list.Capacity)
            {
                // Straight into the list's array: no growth check per item.
                CollectionsMarshal.SetCount(list, block);
                foreach (ref var slot in CollectionsMarshal.AsSpan(list))
                {
                    slot = item.Read(ref reader);
                }
            }
            else
            {
                for (var i = 0; i < block; i++)
                {
                    list.Add(item.Read(ref reader));
                }
            }

            block = reader.ReadBlock(minItemBytes);
        }

        return list;
    }

    /// <summary>A set; equal items become one.</summary>
    public static HashSet<T> ReadHashSet<T, TItem>(ref AvroReader reader, TItem item, int minItemBytes)
        where TItem : struct, IItemReader<T>
    {
        var block = reader.ReadBlock(minItemBytes);
        var set = new HashSet<T>(reader.RoomFor(block));
        while (block > 0)
        {
            for (var i = 0; i < block; i++)
            {
                set.Add(item.Read(ref reader));
            }

            block = reader.ReadBlock(minItemBytes);
        }

        return set;
    }

    /// <summary>A map; of two entries with one key the later counts.</summary>
    public static Dictionary<string, T> ReadDictionary<T, TItem>(ref AvroReader reader, TItem item, int minValueBytes)
        where TItem : struct, IItemReader<T>
    {
        var minEntryBytes = minValueBytes + 1;
        var block = reader.ReadBlock(minEntryBytes);
        var entries = new Dictionary<string, T>(reader.RoomFor(block));
        while (block > 0)
        {
            for (var i = 0; i < block; i++)
            {
                var key = reader.ReadString();
                entries[key] = item.Read(ref reader);
            }

            block = reader.ReadBlock(minEntryBytes);
        }

        return entries;
    }
}
