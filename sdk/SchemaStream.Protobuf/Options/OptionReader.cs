using Google.Protobuf;
using SchemaStream.Protobuf.Linking;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Options;

/// <summary>Reads the bytes of options back by the descriptors of the options.</summary>
/// <remarks>What no descriptor at hand explains has no text and is passed over, as is what does not decode.</remarks>
internal sealed class OptionReader(ExtensionTable extensions, LinkedFile file)
{
    private const int MaxDepth = ProtoLimits.MaxAggregateDepth + 8;

    /// <summary>The values, in the order of the bytes.</summary>
    public List<(FieldSymbol Field, WireValue Value)> Read(byte[] bytes, MessageSymbol type)
    {
        var result = new List<(FieldSymbol, WireValue)>();
        ReadInto(new CodedInputStream(bytes), type, 0, (field, value) => result.Add((field, value)), 1);
        return result;
    }

    /// <summary>One message of several that were written one after the other.</summary>
    public DynamicMessage Merge(IEnumerable<DynamicMessage> messages, MessageSymbol type)
    {
        var bytes = messages.SelectMany(static m => m.ToByteArray()).ToArray();
        return ReadMessage(new CodedInputStream(bytes), type, 0, 1);
    }

    private DynamicMessage ReadMessage(CodedInputStream input, MessageSymbol type, uint endTag, int depth)
    {
        var message = new DynamicMessage(type);
        ReadInto(input, type, endTag, message.Put, depth);
        return message;
    }

    private void ReadInto(CodedInputStream input, MessageSymbol type, uint endTag, Action<FieldSymbol, WireValue> take, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        uint tag;
        while ((tag = input.ReadTag()) != 0 && tag != endTag)
        {
            var field = Find(type, WireFormat.GetTagFieldNumber(tag));
            var wire = WireFormat.GetTagWireType(tag);
            if (field is null)
            {
                input.SkipLastField();
            }
            else if (wire == WireValue.WireTypeOf(field.Proto.Type))
            {
                if (field.Proto.Type == Type.Message)
                {
                    TakeMessage(input.ReadBytes().ToByteArray(), field, take, depth);
                }
                else
                {
                    take(field, ReadValue(input, field, tag, depth));
                }
            }
            else if (wire == WireFormat.WireType.LengthDelimited && field.IsRepeated && !field.IsMessage)
            {
                TakePacked(input.ReadBytes().ToByteArray(), field, tag, take);
            }
            else
            {
                input.SkipLastField();
            }
        }
    }

    private void TakeMessage(byte[] bytes, FieldSymbol field, Action<FieldSymbol, WireValue> take, int depth)
    {
        try
        {
            var message = ReadMessage(new CodedInputStream(bytes), field.MessageType, 0, depth + 1);
            take(field, new WireValue(0, null, message));
        }
        catch (InvalidProtocolBufferException)
        {
            // Bytes that are no such message have no text, like those of an option that is not known.
        }
    }

    private void TakePacked(byte[] bytes, FieldSymbol field, uint tag, Action<FieldSymbol, WireValue> take)
    {
        try
        {
            var packed = new CodedInputStream(bytes);
            while (!packed.IsAtEnd)
            {
                take(field, ReadValue(packed, field, tag, 1));
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // As above: what came before the fault has been taken.
        }
    }

    private FieldSymbol? Find(MessageSymbol type, int number) =>
        type.Field(number) ?? (extensions.Find(type, number) is { } extension && file.Visible.Contains(extension.File) ? extension : null);

    private WireValue ReadValue(CodedInputStream input, FieldSymbol field, uint tag, int depth)
    {
        switch (field.Proto.Type)
        {
            case Type.String or Type.Bytes:
                return new WireValue(0, input.ReadBytes().ToByteArray());
            case Type.Group when depth >= MaxDepth:
                input.SkipLastField();
                return new WireValue(0, null, new DynamicMessage(field.MessageType));
            case Type.Group:
                var end = WireFormat.MakeTag(WireFormat.GetTagFieldNumber(tag), WireFormat.WireType.EndGroup);
                return new WireValue(0, null, ReadMessage(input, field.MessageType, end, depth + 1));
            case Type.Double or Type.Fixed64 or Type.Sfixed64:
                return new WireValue(input.ReadFixed64());
            case Type.Float or Type.Fixed32 or Type.Sfixed32:
                return new WireValue(input.ReadFixed32());
            default:
                return new WireValue(input.ReadUInt64());
        }
    }
}
