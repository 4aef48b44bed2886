using Google.Protobuf;
using SchemaStream.Protobuf.Linking;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Options;

/// <summary>One value as it is on the wire: a number's bits, a string's bytes, or a message.</summary>
internal readonly record struct WireValue(ulong Bits, byte[]? Bytes = null, DynamicMessage? Message = null)
{
    public static WireFormat.WireType WireTypeOf(Type type) => type switch
    {
        Type.Double or Type.Fixed64 or Type.Sfixed64 => WireFormat.WireType.Fixed64,
        Type.Float or Type.Fixed32 or Type.Sfixed32 => WireFormat.WireType.Fixed32,
        Type.String or Type.Bytes or Type.Message => WireFormat.WireType.LengthDelimited,
        Type.Group => WireFormat.WireType.StartGroup,
        _ => WireFormat.WireType.Varint,
    };

    /// <summary>Whether it is what is understood when nothing is there.</summary>
    public bool IsZero => Message is null && Bits == 0 && Bytes is null or { Length: 0 };

    /// <summary>Writes the value without tag.</summary>
    public void WriteBare(CodedOutputStream output, Type type)
    {
        switch (WireTypeOf(type))
        {
            case WireFormat.WireType.Fixed64:
                output.WriteFixed64(Bits);
                break;
            case WireFormat.WireType.Fixed32:
                output.WriteFixed32((uint)Bits);
                break;
            case WireFormat.WireType.Varint:
                output.WriteUInt64(Bits);
                break;
            default:
                output.WriteBytes(ByteString.CopyFrom(Bytes ?? Message!.ToByteArray()));
                break;
        }
    }

    public void Write(CodedOutputStream output, FieldSymbol field)
    {
        var type = field.Proto.Type;
        output.WriteTag(field.Proto.Number, WireTypeOf(type));
        if (type == Type.Group)
        {
            Message!.Write(output);
            output.WriteTag(field.Proto.Number, WireFormat.WireType.EndGroup);
        }
        else
        {
            WriteBare(output, type);
        }
    }
}
