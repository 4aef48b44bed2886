using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <content>Values that C# has and Avro writes as something else, and what surrounds items.</content>
public ref partial struct AvroReader
{
    /// <summary>A string. Bytes that are not UTF-8 are a fault.</summary>
    public string ReadString()
    {
        var at = _position;
        if (AvroText.TryDecode(ReadSlice(), out var text))
        {
            return text;
        }

        _position = at;
        throw new AvroDataException("the bytes of the string are not UTF-8");
    }

    /// <summary>Bytes behind their length, as an array of their own.</summary>
    public byte[] ReadBytes() => ReadSlice().ToArray();

    /// <summary>Bytes behind their length, as a memory of their own.</summary>
    public ReadOnlyMemory<byte> ReadMemory() => ReadSlice().ToArray();

    /// <summary>So many bytes, as an array of their own.</summary>
    public byte[] ReadFixedBytes(int size) => ReadFixed(size).ToArray();

    /// <summary>So many bytes, as a memory of their own.</summary>
    public ReadOnlyMemory<byte> ReadFixedMemory(int size) => ReadFixed(size).ToArray();

    /// <summary>A string's bytes for a reader who wants bytes.</summary>
    public byte[] ReadTextBytes() => Encoding.UTF8.GetBytes(ReadString());

    /// <summary>A decimal from bytes; without <paramref name="keepScale"/> trailing zeros go. More digits than a C# decimal has are a fault.</summary>
    public decimal ReadDecimal(int scale, bool keepScale) => AvroDecimals.Scale(ReadSlice(), scale, keepScale);

    /// <summary>A decimal from a fixed.</summary>
    public decimal ReadDecimalFixed(int size, int scale, bool keepScale) => AvroDecimals.Scale(ReadFixed(size), scale, keepScale);

    /// <summary>A <see cref="ulong"/> from a decimal in bytes; what is none is a fault.</summary>
    public ulong ReadUInt64(int scale) => AvroDecimals.ToUInt64(ReadSlice(), scale);

    /// <summary>A <see cref="ulong"/> from a decimal in a fixed.</summary>
    public ulong ReadUInt64Fixed(int size, int scale) => AvroDecimals.ToUInt64(ReadFixed(size), scale);

    /// <summary>A decimal with its own scale; more digits than a C# decimal has are a fault.</summary>
    public decimal ReadBigDecimal()
    {
        var at = _position;
        var length = ReadSlice().Length;
        var end = _position;
        _position = end - length;
        var unscaled = ReadSlice();
        var scale = ReadInt();
        if (_position != end)
        {
            _position = at;
            throw new AvroDataException($"the {length} bytes are no big-decimal: an unscaled value behind its length, and a scale");
        }

        return AvroDecimals.ScaleBy(unscaled, scale);
    }

    /// <summary>A <see cref="ulong"/> from a decimal with its own scale; what is none is a fault.</summary>
    public ulong ReadUInt64BigDecimal() => AvroDecimals.ToUInt64(ReadBigDecimal());

    /// <summary>A UUID from its text; another text is a fault.</summary>
    public Guid ReadGuid()
    {
        var text = ReadSlice();
        return Utf8Parser.TryParse(text, out Guid value, out var used) && used == text.Length
            ? value
            : throw new AvroDataException("the text is not a UUID", isAfterValue: true);
    }

    /// <summary>A UUID from its sixteen bytes, most significant first.</summary>
    public Guid ReadGuidBytes() => new(ReadFixed(16), bigEndian: true);

    /// <summary>A time span from months, days and milliseconds; months, which have no length, are a fault.</summary>
    public TimeSpan ReadDuration()
    {
        var bytes = ReadFixed(12);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var months && months != 0)
        {
            throw new AvroDataException($"the duration has {months} months, which have no length as a TimeSpan", isAfterValue: true);
        }

        var days = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var millis = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        return days < (ulong)TimeSpan.MaxValue.Days - 50
            ? TimeSpan.FromTicks((days * TimeSpan.TicksPerDay) + (millis * TimeSpan.TicksPerMillisecond))
            : throw new AvroDataException($"{days} days are more than a TimeSpan holds", isAfterValue: true);
    }

    /// <summary>How many items the next block has; 0 after the last. Never more than the payload could hold.</summary>
    /// <param name="minItemBytes">The fewest bytes that an item takes.</param>
    public int ReadBlock(int minItemBytes)
    {
        var at = _position;
        var count = ReadLong();
        if (count == 0)
        {
            return 0;
        }

        if (count < 0)
        {
            // A negative count is followed by the block's size, for readers who skip it.
            var size = ReadLong();
            count = count == long.MinValue ? long.MaxValue : -count;
            if (size < 0 || size > Remaining)
            {
                var left = Remaining;
                _position = at;
                throw new AvroDataException($"a block of {count} items has a declared size of {size} bytes, of which {left} are left");
            }
        }

        var most = minItemBytes > 0 ? Remaining / minItemBytes : AvroLimits.MaxEmptyItems - _emptyItems;
        if (count > most)
        {
            _position = at;
            throw new AvroDataException($"a block declares {count} items, at most {most} can follow");
        }

        if (minItemBytes == 0)
        {
            _emptyItems += (int)count;
        }

        return (int)count;
    }

    /// <summary>
    /// For how many items room is made on the word of the payload alone; for more only as they arrive. An item of one byte
    /// may be a large struct, and deep in a recursive type every level around holds the room that it was given.
    /// </summary>
    internal readonly int RoomFor(int block) => Math.Min(block, _depth <= TrustedDepth ? TrustedItems : TrustedItemsBelow);

    /// <summary>Skips a block that says its size; false, and the count, when it does not.</summary>
    public bool TrySkipBlock(int minItemBytes, out int count)
    {
        var at = _position;
        count = 0;
        if (ReadLong() >= 0)
        {
            _position = at;
            count = ReadBlock(minItemBytes);
            return false;
        }

        var size = ReadLong();
        if (size < 0 || size > Remaining)
        {
            _position = at;
            throw new AvroDataException($"a block has a declared size of {size} bytes, of which {Remaining} are left");
        }

        _position += (int)size;
        return true;
    }
}
