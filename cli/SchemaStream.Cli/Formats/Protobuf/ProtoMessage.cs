using Google.Protobuf.Reflection;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>A message as its bytes have it, without a class that stands for it.</summary>
internal sealed class ProtoMessage(MessageDescriptor type)
{
    /// <summary>As deep as Protobuf's own readers go.</summary>
    public const int Deepest = 100;

    private readonly Dictionary<int, object> _values = [];

    public MessageDescriptor Type { get; } = type;

    /// <summary>A field's value; a list of them where it is repeated; null where the bytes have none.</summary>
    public object? this[int number] => _values.GetValueOrDefault(number);

    public static ProtoMessage Parse(MessageDescriptor type, ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var message = new ProtoMessage(type);
        var cursor = new ProtoCursor(bytes);
        message.Merge(ref cursor, group: 0, depth);
        return message;
    }

    private void Merge(ref ProtoCursor cursor, int group, int depth)
    {
        if (depth > Deepest)
        {
            throw new CodecException($"the message nests more than {Deepest} levels deep");
        }

        while (!cursor.IsAtEnd)
        {
            var (number, wire) = cursor.ReadTag();
            if (wire == ProtoWire.EndGroup)
            {
                _ = group == number ? 0 : throw new CodecException($"the end of group {number} stands where there is none");
                return;
            }

            var field = Type.FindFieldByNumber(number);
            if (field is not null && wire == WireOf(field.FieldType))
            {
                Set(field, ReadValue(field, ref cursor, depth));
            }
            else if (field is { IsRepeated: true } && wire == ProtoWire.Length && WireOf(field.FieldType) is (ProtoWire.Varint or ProtoWire.Fixed32 or ProtoWire.Fixed64))
            {
                var packed = new ProtoCursor(cursor.ReadSlice());
                while (!packed.IsAtEnd)
                {
                    Set(field, ReadValue(field, ref packed, depth));
                }
            }
            else
            {
                cursor.Skip(wire, number, depth);
            }
        }

        _ = group == 0 ? 0 : throw new CodecException($"group {group} has no end");
    }

    private void Set(FieldDescriptor field, object value)
    {
        if (field.IsRepeated)
        {
            if (!_values.TryGetValue(field.FieldNumber, out var list))
            {
                _values.Add(field.FieldNumber, list = new List<object>());
            }

            ((List<object>)list).Add(value);
            return;
        }

        foreach (var other in field.RealContainingOneof?.Fields ?? [])
        {
            // The last one that was written is the one that is meant.
            if (other.FieldNumber != field.FieldNumber)
            {
                _values.Remove(other.FieldNumber);
            }
        }

        _values[field.FieldNumber] = value;
    }

    private object ReadValue(FieldDescriptor field, ref ProtoCursor cursor, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Int32 or FieldType.Enum:
                return (int)cursor.ReadVarint();
            case FieldType.SInt32:
                return (int)ProtoCursor.Unzigzag((uint)cursor.ReadVarint());
            case FieldType.SFixed32:
                return (int)cursor.ReadFixed32();
            case FieldType.UInt32:
                return (uint)cursor.ReadVarint();
            case FieldType.Fixed32:
                return cursor.ReadFixed32();
            case FieldType.Int64:
                return (long)cursor.ReadVarint();
            case FieldType.SInt64:
                return ProtoCursor.Unzigzag(cursor.ReadVarint());
            case FieldType.SFixed64:
                return (long)cursor.ReadFixed64();
            case FieldType.UInt64:
                return cursor.ReadVarint();
            case FieldType.Fixed64:
                return cursor.ReadFixed64();
            case FieldType.Float:
                return BitConverter.UInt32BitsToSingle(cursor.ReadFixed32());
            case FieldType.Double:
                return BitConverter.UInt64BitsToDouble(cursor.ReadFixed64());
            case FieldType.Bool:
                return cursor.ReadVarint() != 0;
            case FieldType.String:
                return cursor.ReadText();
            case FieldType.Bytes:
                return cursor.ReadSlice().ToArray();
            default:
                return ReadMessage(field, ref cursor, depth);
        }
    }

    private ProtoMessage ReadMessage(FieldDescriptor field, ref ProtoCursor cursor, int depth)
    {
        // A message that comes twice for one field is one message, whose fields came in two parts.
        var message = !field.IsRepeated && _values.TryGetValue(field.FieldNumber, out var before)
            ? (ProtoMessage)before
            : new ProtoMessage(field.MessageType);
        if (field.FieldType == FieldType.Group)
        {
            message.Merge(ref cursor, field.FieldNumber, depth + 1);
        }
        else
        {
            var inner = new ProtoCursor(cursor.ReadSlice());
            message.Merge(ref inner, 0, depth + 1);
        }

        return message;
    }

    /// <summary>How one value of a type is laid out.</summary>
    public static ProtoWire WireOf(FieldType type) => type switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => ProtoWire.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => ProtoWire.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => ProtoWire.Length,
        FieldType.Group => ProtoWire.StartGroup,
        _ => ProtoWire.Varint,
    };
}
