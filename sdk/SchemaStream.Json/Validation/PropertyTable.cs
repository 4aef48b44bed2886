using System.Buffers.Binary;
using System.Text;

namespace SchemaStream.Json.Validation;

/// <summary>Names as UTF-8, found by their bytes. Data mostly has its members in the schema's order, so the next is tried first.</summary>
internal sealed class PropertyTable
{
    private readonly byte[][] _names;
    private readonly CompiledSchema?[] _schemas;
    private readonly int[] _buckets;
    private readonly int[] _following;

    public PropertyTable(IReadOnlyList<(string Name, CompiledSchema? Schema)> entries)
    {
        _names = [.. entries.Select(entry => Encoding.UTF8.GetBytes(entry.Name))];
        _schemas = [.. entries.Select(entry => entry.Schema)];
        var size = 1;
        while (size < 2 * _names.Length)
        {
            size *= 2;
        }

        _buckets = new int[size];
        _following = new int[_names.Length];
        for (var i = _names.Length - 1; i >= 0; i--)
        {
            ref var bucket = ref _buckets[Hash(_names[i]) & (uint)(size - 1)];
            _following[i] = bucket - 1;
            bucket = i + 1;
        }
    }

    public int Count => _names.Length;

    public CompiledSchema? SchemaAt(int place) => _schemas[place];

    public string NameAt(int place) => Encoding.UTF8.GetString(_names[place]);

    /// <summary>The place of a name; -1 if it is none of these.</summary>
    /// <param name="name">The name, without escapes.</param>
    /// <param name="expected">The place to try first; the one after what was found afterwards.</param>
    public int Find(ReadOnlySpan<byte> name, ref int expected)
    {
        var names = _names;
        if ((uint)expected < (uint)names.Length && name.SequenceEqual(names[expected]))
        {
            return expected++;
        }

        for (var place = _buckets[Hash(name) & (uint)(_buckets.Length - 1)] - 1; place >= 0; place = _following[place])
        {
            if (name.SequenceEqual(names[place]))
            {
                expected = place + 1;
                return place;
            }
        }

        return -1;
    }

    /// <summary>Of the length and of both ends; names that a schema lists mostly differ there.</summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = (uint)name.Length * 0x9E3779B1;
        if (name.Length >= sizeof(uint))
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(name) * 0x85EBCA6B;
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]) * 0xC2B2AE35;
        }
        else
        {
            foreach (var part in name)
            {
                hash = (hash ^ part) * 0x01000193;
            }
        }

        return hash ^ (hash >> 15);
    }
}
