using System.Text;

namespace SchemaStream.Protocol;

/// <summary>
/// The texts that came lately, so that one that comes again (a topic's name, in every request) is the same string and not
/// a new one. One owner at a time: a connection's reader. Of a few kilobytes at most, whatever a sender does.
/// </summary>
public sealed class TextCache
{
    /// <summary>A power of two. Two texts of one slot take turns, which costs what having no cache would.</summary>
    private const int Slots = 128;

    /// <summary>Topic names have at most 249 characters.</summary>
    private const int LongestText = 256;

    private readonly string?[] _slots = new string?[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var slot = ref _slots[SlotOf(utf8)];

        // Other than ASCII is not recognised: names have none.
        if (slot is null || !Ascii.Equals(utf8, slot))
        {
            slot = Encoding.UTF8.GetString(utf8);
        }

        return slot;
    }

    /// <summary>FNV-1a, folded.</summary>
    private static uint SlotOf(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var next in utf8)
        {
            hash = (hash ^ next) * 16777619u;
        }

        return (hash ^ (hash >> 16)) % Slots;
    }
}
