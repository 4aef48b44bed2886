using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace SchemaStream.Protocol;

/// <summary>Writes Kafka's primitive types. What was written belongs to the output only after <see cref="Flush"/>.</summary>
public ref struct KafkaWriter
{
    /// <summary>Payloads shorter than this are copied: a reference costs the socket more than they do.</summary>
    public const int SmallestReferencedPayload = 512;

    private const int SmallestBuffer = 256;

    private IBufferWriter<byte>? _output;
    private Span<byte> _buffer;
    private int _used;
    private long _flushed;

    public KafkaWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>For a short piece whose length is written before it: see <see cref="TakeScratch"/>.</summary>
    /// <param name="scratch">What does for most pieces; a longer one moves to memory of its own.</param>
    public KafkaWriter(Span<byte> scratch)
    {
        _buffer = scratch;
    }

    public readonly long BytesWritten => _flushed + _used;

    /// <summary>Hands what was written to the output. The writer may be used further.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            (_output ??= Moved()).Advance(_used);
        }

        _flushed += _used;
        _used = 0;
        _buffer = default;
    }

    public void WriteBoolean(bool value) => Room(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Room(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Room(2), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Room(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(4), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Room(8), value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Room(16), bigEndian: true, out _);

    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Room(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Room(1)[0] = (byte)value;
    }

    /// <summary>A zigzag varint.</summary>
    public void WriteVarint(int value) => WriteUnsignedVarint((uint)((value << 1) ^ (value >> 31)));

    /// <summary>A zigzag varint of up to ten bytes.</summary>
    public void WriteVarlong(long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        while (raw >= 0x80)
        {
            Room(1)[0] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        Room(1)[0] = (byte)raw;
    }

    public void WriteString(string value, string field = "string")
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > short.MaxValue)
        {
            throw new ProtocolException($"{field}: expected at most {short.MaxValue} bytes of text, found {length}");
        }

        WriteInt16((short)length);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void WriteNullableString(string? value, string field = "string")
    {
        if (value is null)
        {
            WriteInt16(-1);
        }
        else
        {
            WriteString(value, field);
        }
    }

    public void WriteCompactString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        WriteUnsignedVarint((uint)length + 1);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void WriteCompactNullableString(string? value)
    {
        if (value is null)
        {
            WriteUnsignedVarint(0);
        }
        else
        {
            WriteCompactString(value);
        }
    }

    public void WriteBytes(ReadOnlyMemory<byte> value)
    {
        WriteInt32(value.Length);
        WriteRaw(value.Span);
    }

    public void WriteNullableBytes(ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            WriteBytes(bytes);
        }
        else
        {
            WriteInt32(-1);
        }
    }

    public void WriteCompactBytes(ReadOnlyMemory<byte> value)
    {
        WriteUnsignedVarint((uint)value.Length + 1);
        WriteRaw(value.Span);
    }

    public void WriteCompactNullableBytes(ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            WriteCompactBytes(bytes);
        }
        else
        {
            WriteUnsignedVarint(0);
        }
    }

    /// <summary>Record batches, referenced rather than copied where the output can (<see cref="IPayloadOutput"/>).</summary>
    public void WriteRecords(ReadOnlyMemory<byte>? value)
    {
        WriteInt32(value?.Length ?? -1);
        WritePayload(value.GetValueOrDefault());
    }

    /// <inheritdoc cref="WriteRecords"/>
    public void WriteCompactRecords(ReadOnlyMemory<byte>? value)
    {
        WriteUnsignedVarint(value is { } records ? (uint)records.Length + 1 : 0);
        WritePayload(value.GetValueOrDefault());
    }

    /// <summary>The number of elements of an array, -1 for null.</summary>
    public void WriteArrayLength(int count) => WriteInt32(count);

    /// <inheritdoc cref="WriteArrayLength"/>
    public void WriteCompactArrayLength(int count) => WriteUnsignedVarint((uint)(count + 1));

    /// <summary>The bytes themselves, without a length before them.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>A tagged field: its tag, its size, its content.</summary>
    public void WriteTagged(uint tag, scoped ReadOnlySpan<byte> content)
    {
        WriteUnsignedVarint(tag);
        WriteUnsignedVarint((uint)content.Length);
        WriteRaw(content);
    }

    /// <summary>All that was written by a writer that began with a scratch.</summary>
    public ReadOnlySpan<byte> TakeScratch()
    {
        if (_output is not ArrayBufferWriter<byte> longer)
        {
            return _buffer[.._used];
        }

        Flush();
        return longer.WrittenSpan;
    }

    private void WritePayload(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length >= SmallestReferencedPayload && _output is IPayloadOutput output)
        {
            Flush();
            output.AppendReference(payload);
            _flushed += payload.Length;
        }
        else
        {
            WriteRaw(payload.Span);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int length)
    {
        if (length > _buffer.Length - _used)
        {
            Grow(length);
        }

        var room = _buffer.Slice(_used, length);
        _used += length;
        return room;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length)
    {
        Flush();
        _buffer = (_output ??= new ArrayBufferWriter<byte>()).GetSpan(Math.Max(length, SmallestBuffer));
    }

    /// <summary>What is in the scratch goes to memory that can grow.</summary>
    private readonly ArrayBufferWriter<byte> Moved()
    {
        var output = new ArrayBufferWriter<byte>(SmallestBuffer + _used);
        _buffer[.._used].CopyTo(output.GetSpan(_used));
        return output;
    }
}
