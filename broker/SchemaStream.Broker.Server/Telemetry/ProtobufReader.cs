using System.Buffers.Binary;

namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>Reads Protobuf's wire format field by field. It allocates nothing, and whatever it is given it ends or throws.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next field's number, and how it is written; false at the end.</summary>
    /// <exception cref="FormatException">The bytes are no message.</exception>
    public bool TryReadField(out int number, out int wireType)
    {
        (number, wireType) = (0, 0);
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        wireType = (int)(tag & 7);
        if (tag >> 3 is 0 or > int.MaxValue)
        {
            throw new FormatException("a field without a number");
        }

        number = (int)(tag >> 3);
        return true;
    }

    /// <exception cref="FormatException">There is none.</exception>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < LongestVarint && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("a number that does not end");
    }

    /// <exception cref="FormatException">There are not so many bytes.</exception>
    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <exception cref="FormatException">There are not so many bytes.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw new FormatException("a field that is longer than its message");
    }

    /// <exception cref="FormatException">The field is written in a way that is not known.</exception>
    public void Skip(int wireType)
    {
        switch (wireType)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Bytes:
                ReadBytes();
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw new FormatException($"wire type {wireType}");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new FormatException("a field that is longer than its message");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
