using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>
/// The newest offset of each key, in bounded memory: keys are kept as 128 bits of a cryptographic hash, as two keys taken
/// for one would cost a record. Grows as it fills, up to its limit; full, it takes no new keys.
/// </summary>
internal sealed class OffsetMap
{
    public const int SlotBytes = 24;

    private const int FirstSlots = 1024;

    private readonly long _maxSlots;
    private readonly double _loadFactor;
    private Slot[] _slots;

    /// <param name="maxBytes">Memory that the slots may take.</param>
    /// <param name="loadFactor">Share of the slots that may be used; the nearer to one, the longer searching takes.</param>
    public OffsetMap(long maxBytes, double loadFactor)
    {
        _loadFactor = Math.Clamp(loadFactor, 0.1, 0.95);
        _maxSlots = Math.Clamp(maxBytes / SlotBytes, 16, Array.MaxLength / 2);
        _slots = new Slot[Math.Min(FirstSlots, _maxSlots)];
    }

    public int Count { get; private set; }

    /// <summary>Notes that a key has a record at an offset; false, and nothing noted, when there is no room for the key.</summary>
    public bool TryPut(ReadOnlySpan<byte> key, long offset)
    {
        var (high, low) = HashOf(key);
        ref var slot = ref Find(_slots, high, low);
        if (!slot.IsUsed)
        {
            if (Count + 1 > _slots.Length * _loadFactor)
            {
                if (_slots.Length >= _maxSlots)
                {
                    return false;
                }

                Grow();
                slot = ref Find(_slots, high, low);
            }

            (slot.High, slot.Low) = (high, low);
            Count++;
        }

        slot.OffsetPlusOne = offset + 1;
        return true;
    }

    /// <summary>The newest offset of a key; -1 for one that was not noted.</summary>
    public long Find(ReadOnlySpan<byte> key)
    {
        var (high, low) = HashOf(key);
        return Find(_slots, high, low).OffsetPlusOne - 1;
    }

    private static ref Slot Find(Slot[] slots, ulong high, ulong low)
    {
        for (var i = (int)(low % (ulong)slots.Length); ; i = i + 1 == slots.Length ? 0 : i + 1)
        {
            ref var slot = ref slots[i];
            if (!slot.IsUsed || (slot.High == high && slot.Low == low))
            {
                return ref slot;
            }
        }
    }

    private static (ulong High, ulong Low) HashOf(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(key, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }

    private void Grow()
    {
        var grown = new Slot[Math.Min(_slots.Length * 2L, _maxSlots)];
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.IsUsed)
            {
                Find(grown, slot.High, slot.Low) = slot;
            }
        }

        _slots = grown;
    }

    private struct Slot
    {
        public ulong High;
        public ulong Low;

        // One more than the offset, so that a slot of zeros is a free one.
        public long OffsetPlusOne;

        public readonly bool IsUsed => OffsetPlusOne > 0;
    }
}
