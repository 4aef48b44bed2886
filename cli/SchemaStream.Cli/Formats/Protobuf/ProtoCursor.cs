using System.Buffers.Binary;
using System.Text;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>How a field's value is laid out, as its tag says.</summary>
internal enum ProtoWire
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

/// <summary>Reads Protobuf's wire format, never past the end.</summary>
internal ref struct ProtoCursor(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < 10; i++)
        {
            if (i >= _rest.Length)
            {
                throw new CodecException("the message ends within a number");
            }

            var next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new CodecException("a number has more than 64 bits");
    }

    public static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    public (int Number, ProtoWire Wire) ReadTag()
    {
        var tag = ReadVarint();
        var number = tag >> 3;
        return tag <= uint.MaxValue && number > 0 && (tag & 7) <= (ulong)ProtoWire.Fixed32
            ? ((int)number, (ProtoWire)(tag & 7))
            : throw new CodecException($"{tag} is no tag of a field: the bytes are no Protobuf message");
    }

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public ReadOnlySpan<byte> ReadSlice()
    {
        var length = ReadVarint();
        return Take(length <= int.MaxValue ? (int)length : int.MaxValue);
    }

    public string ReadText()
    {
        try
        {
            return StrictUtf8.GetString(ReadSlice());
        }
        catch (DecoderFallbackException invalid)
        {
            throw new CodecException("a text is not UTF-8", invalid);
        }
    }

    /// <summary>Passes over the value of a field that the schema does not have.</summary>
    public void Skip(ProtoWire wire, int number, int depth)
    {
        switch (wire)
        {
            case ProtoWire.Varint:
                ReadVarint();
                break;
            case ProtoWire.Fixed64:
                Take(sizeof(ulong));
                break;
            case ProtoWire.Fixed32:
                Take(sizeof(uint));
                break;
            case ProtoWire.Length:
                ReadSlice();
                break;
            case ProtoWire.StartGroup:
                SkipGroup(number, depth + 1);
                break;
            default:
                throw new CodecException($"the end of group {number} has no beginning");
        }
    }

    private void SkipGroup(int number, int depth)
    {
        if (depth > ProtoMessage.Deepest)
        {
            throw new CodecException($"the message nests more than {ProtoMessage.Deepest} levels deep");
        }

        while (true)
        {
            var (inner, wire) = ReadTag();
            if (wire == ProtoWire.EndGroup)
            {
                _ = inner == number ? 0 : throw new CodecException($"group {number} ends as group {inner}");
                return;
            }

            Skip(wire, inner, depth);
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new CodecException($"the message has {_rest.Length} bytes left where a field takes {count}");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
