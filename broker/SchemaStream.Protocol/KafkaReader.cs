using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace SchemaStream.Protocol;

/// <summary>
/// Reads Kafka's primitive types from one message. Every length is checked against the bytes left before anything is
/// allocated, and byte fields come out as slices of the input.
/// </summary>
public ref struct KafkaReader
{
    /// <summary>
    /// Structs that one message may hold. A struct can take two bytes on the wire and a hundred in memory, so the size
    /// of the frame alone would not bound what a sender makes us allocate.
    /// </summary>
    public const int MaxStructs = 1 << 20;

    /// <summary>Lists are made with room for at most this many elements at once; longer ones grow as elements arrive.</summary>
    private const int LargestInitialCapacity = 1024;

    private readonly ReadOnlyMemory<byte> _input;
    private readonly ReadOnlySpan<byte> _span;
    private readonly TextCache? _texts;
    private int _position;
    private int _structsLeft;

    /// <param name="input">One message, or what it begins with.</param>
    /// <param name="texts">Where texts are looked up that may have come before; null makes new ones.</param>
    public KafkaReader(ReadOnlyMemory<byte> input, TextCache? texts = null)
    {
        _input = input;
        _span = input.Span;
        _texts = texts;
        _structsLeft = MaxStructs;
    }

    /// <summary>A plain null beside a memory would become an empty memory, by way of a null array.</summary>
    private static ReadOnlyMemory<byte>? NoBytes => default;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    public readonly int Remaining => _span.Length - _position;

    public readonly bool End => _position == _span.Length;

    public bool ReadBoolean(string field = "boolean") => Take(1, field)[0] != 0;

    public sbyte ReadInt8(string field = "int8") => (sbyte)Take(1, field)[0];

    public short ReadInt16(string field = "int16") => BinaryPrimitives.ReadInt16BigEndian(Take(2, field));

    public ushort ReadUInt16(string field = "uint16") => BinaryPrimitives.ReadUInt16BigEndian(Take(2, field));

    public int ReadInt32(string field = "int32") => BinaryPrimitives.ReadInt32BigEndian(Take(4, field));

    public uint ReadUInt32(string field = "uint32") => BinaryPrimitives.ReadUInt32BigEndian(Take(4, field));

    public long ReadInt64(string field = "int64") => BinaryPrimitives.ReadInt64BigEndian(Take(8, field));

    public double ReadFloat64(string field = "float64") => BinaryPrimitives.ReadDoubleBigEndian(Take(8, field));

    public Guid ReadUuid(string field = "uuid") => new(Take(16, field), bigEndian: true);

    /// <summary>An unsigned varint of at most five bytes.</summary>
    public uint ReadUnsignedVarint(string field = "varint")
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1, field)[0];
            if (shift == 28 && next > 0x0f)
            {
                break;
            }

            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Bad(field, "an unsigned varint of 32 bits", "a longer one");
    }

    /// <summary>A zigzag varint of at most five bytes.</summary>
    public int ReadVarint(string field = "varint")
    {
        var raw = ReadUnsignedVarint(field);
        return (int)(raw >> 1) ^ -(int)(raw & 1);
    }

    /// <summary>A zigzag varint of at most ten bytes.</summary>
    public long ReadVarlong(string field = "varlong")
    {
        ulong raw = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1, field)[0];
            if (shift == 63 && next > 0x01)
            {
                break;
            }

            raw |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(raw >> 1) ^ -(long)(raw & 1);
            }
        }

        throw Bad(field, "a varint of 64 bits", "a longer one");
    }

    public string ReadString(string field = "string") => ReadNullableString(field) ?? throw NullFound(field);

    public string? ReadNullableString(string field = "string")
    {
        var length = ReadInt16(field);
        return length >= 0 ? Text(length, field) : length == -1 ? null : throw NegativeLength(field, length);
    }

    /// <summary>As <see cref="ReadNullableString"/>, but the bytes as they came: no string is made of them.</summary>
    public ReadOnlyMemory<byte>? ReadNullableStringBytes(string field = "string")
    {
        var length = ReadInt16(field);
        return length >= 0 ? Slice(length, field) : length == -1 ? null : throw NegativeLength(field, length);
    }

    public string ReadCompactString(string field = "string") => ReadCompactNullableString(field) ?? throw NullFound(field);

    public string? ReadCompactNullableString(string field = "string")
    {
        var length = ReadCompactLength(field);
        return length >= 0 ? Text(length, field) : null;
    }

    public ReadOnlyMemory<byte> ReadBytes(string field = "bytes") => ReadNullableBytes(field) ?? throw NullFound(field);

    public ReadOnlyMemory<byte>? ReadNullableBytes(string field = "bytes")
    {
        var length = ReadInt32(field);
        return length >= 0 ? Slice(length, field) : length == -1 ? NoBytes : throw NegativeLength(field, length);
    }

    public ReadOnlyMemory<byte> ReadCompactBytes(string field = "bytes") => ReadCompactNullableBytes(field) ?? throw NullFound(field);

    public ReadOnlyMemory<byte>? ReadCompactNullableBytes(string field = "bytes")
    {
        var length = ReadCompactLength(field);
        return length >= 0 ? Slice(length, field) : NoBytes;
    }

    /// <summary>The bytes themselves, without a length before them.</summary>
    public ReadOnlyMemory<byte> ReadRaw(int length, string field = "bytes")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return Slice(length, field);
    }

    /// <summary>The number of elements of an array, -1 for null, checked against what is left to read.</summary>
    /// <param name="smallestElement">Bytes that an element takes at least.</param>
    /// <param name="field">Named in the exception.</param>
    public int ReadArrayLength(int smallestElement, string field = "array")
    {
        var count = ReadInt32(field);
        return count >= -1 ? Checked(count, smallestElement, field) : throw NegativeLength(field, count);
    }

    /// <inheritdoc cref="ReadArrayLength"/>
    public int ReadCompactArrayLength(int smallestElement, string field = "array") =>
        Checked(ReadCompactLength(field, smallestElement), smallestElement, field);

    /// <summary>Makes room in an empty list for the elements announced.</summary>
    public static void MakeRoom<T>(List<T> list, int count) => list.EnsureCapacity(Math.Min(count, LargestInitialCapacity));

    /// <summary>As <see cref="MakeRoom{T}"/>, counted against <see cref="MaxStructs"/>.</summary>
    public void MakeStructRoom<T>(List<T> list, int count, string field = "array")
        where T : class
    {
        _structsLeft -= count;
        if (_structsLeft < 0)
        {
            throw Bad(field, $"at most {MaxStructs} structs in a message", "more");
        }

        MakeRoom(list, count);
    }

    /// <summary>Skips tagged fields, all of them unknown to the caller.</summary>
    public void SkipTaggedFields()
    {
        for (var left = ReadUnsignedVarint("tagged fields"); left > 0; left--)
        {
            ReadTag(out _, out var size);
            SkipTag(size);
        }
    }

    /// <summary>Reads the tag of a tagged field and where the field ends.</summary>
    public void ReadTag(out uint tag, out int size)
    {
        tag = ReadUnsignedVarint("tag");
        var length = ReadUnsignedVarint("size of a tagged field");
        size = length <= (uint)Remaining ? (int)length : throw Bad("tagged field", $"{length} bytes", $"{Remaining} left");
    }

    public void SkipTag(int size) => Take(size, "tagged field");

    /// <summary>Checks that a tagged field that began at <paramref name="start"/> took exactly its size.</summary>
    public readonly void EndTag(int start, int size, string field)
    {
        if (_position - start != size)
        {
            throw Bad(field, $"a tagged field of {size} bytes", $"{_position - start} bytes");
        }
    }

    /// <summary>
    /// Checks that the message took the whole input. For what was written here, such as records of a log: clients do send
    /// a byte too many behind some requests, and Kafka does not mind.
    /// </summary>
    public readonly void ExpectEnd(string message)
    {
        if (!End)
        {
            throw Bad(message, "the end of the message", $"{Remaining} bytes more");
        }
    }

    /// <summary>The exception for a null where the version has none.</summary>
    public readonly ProtocolException NullFound(string field) => Bad(field, "a value", "null");

    /// <summary>The exception for what does not fit: field, expected, found, and where.</summary>
    public readonly ProtocolException Bad(string field, string expected, string found) =>
        new($"{field}: expected {expected}, found {found} (at byte {_position} of {_span.Length})");

    private int ReadCompactLength(string field, int smallestElement = 1)
    {
        var raw = ReadUnsignedVarint(field);
        return (long)raw - 1 <= Remaining / smallestElement
            ? (int)raw - 1
            : throw Bad(field, $"{raw - 1L} elements of {smallestElement} bytes", $"{Remaining} bytes left");
    }

    private readonly int Checked(int count, int smallestElement, string field) =>
        count <= Remaining / smallestElement
            ? count
            : throw Bad(field, $"{count} elements of at least {smallestElement} bytes", $"{Remaining} bytes left");

    private string Text(int length, string field) =>
        length == 0 ? string.Empty
        : _texts is null ? Encoding.UTF8.GetString(Take(length, field))
        : _texts.Get(Take(length, field));

    private ReadOnlyMemory<byte> Slice(int length, string field)
    {
        Take(length, field);
        return _input.Slice(_position - length, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length, string field)
    {
        if (length > _span.Length - _position)
        {
            ThrowTruncated(length, field);
        }

        var taken = _span.Slice(_position, length);
        _position += length;
        return taken;
    }

    [DoesNotReturn]
    private readonly void ThrowTruncated(int length, string field) =>
        throw Bad(field, $"{length} bytes", $"{Remaining} left");

    private readonly ProtocolException NegativeLength(string field, int length) =>
        Bad(field, "a length", length.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
