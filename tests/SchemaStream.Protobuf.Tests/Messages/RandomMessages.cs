using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tests.Messages;

/// <summary>Random messages of any generated class, field by field as its descriptor says.</summary>
internal sealed class RandomMessages(Random random)
{
    private const int Deepest = 5;

    public T Next<T>()
        where T : IMessage<T>, new()
    {
        var message = new T();
        Fill(message, 0);
        return message;
    }

    private void Fill(IMessage message, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (random.Next(3) == 0)
            {
                continue;
            }

            if (field.IsMap)
            {
                var map = (System.Collections.IDictionary)field.Accessor.GetValue(message);
                for (var i = random.Next(4); i > 0; i--)
                {
                    map[Text()] = Text();
                }
            }
            else if (field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                for (var i = random.Next(5); i > 0; i--)
                {
                    list.Add(Value(field, depth));
                }
            }
            else if (Value(field, depth) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }
        }
    }

    private object? Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Text(),
        FieldType.Bytes => ByteString.CopyFrom(Bytes()),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => random.NextDouble() * random.Next(),
        FieldType.Float => random.NextSingle(),
        FieldType.Int64 or FieldType.SFixed64 or FieldType.SInt64 => random.NextInt64(long.MinValue, long.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)random.NextInt64(),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)random.Next(),
        FieldType.Enum => random.Next(3),
        FieldType.Message => depth == Deepest && !field.IsRepeated ? null : Message(field.MessageType, depth + 1),
        _ => random.Next(int.MinValue, int.MaxValue),
    };

    private IMessage Message(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        if (depth <= Deepest)
        {
            Fill(message, depth);
        }

        return message;
    }

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => char.ConvertFromUtf32(random.Next(5) switch
    {
        0 => random.Next(0x80, 0x800),
        1 => random.Next(0x1F600, 0x1F640),
        _ => random.Next(0, 0x80),
    })));

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }
}
