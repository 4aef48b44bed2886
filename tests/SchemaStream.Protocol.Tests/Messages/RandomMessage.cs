using System.Collections;
using System.Text;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>Fills a message with values that its version can carry: other than the defaults, nulls, empty ones and tagged fields.</summary>
internal sealed class RandomMessage(DefinedMessage message, short version, int seed, int longestList = 3)
{
    private readonly Random _random = new(seed);

    public IMessage Make()
    {
        var made = message.New();
        Fill(made, message.Definition.Root);
        return made;
    }

    private void Fill(object target, StructDefinition type)
    {
        foreach (var field in type.Fields.Where(field => field.Versions.Contains(version)))
        {
            if (!field.IsTagged || _random.Next(4) > 0)
            {
                target.GetType().GetProperty(field.Name)!.SetValue(target, Value(field));
            }
        }
    }

    private object? Value(FieldDefinition field)
    {
        if (field.Nullable.Contains(version) && _random.Next(4) == 0)
        {
            return null;
        }

        if (!field.Type.IsArray)
        {
            return Single(field.Type);
        }

        var element = field.Type.IsStruct ? message.ClassOf(field.Type.Struct!) : ElementType(field.Type.Primitive);
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (var left = _random.Next(longestList + 1); left > 0; left--)
        {
            list.Add(Single(field.Type.Element));
        }

        return list;
    }

    private object Single(FieldType type)
    {
        if (!type.IsStruct)
        {
            return Primitive(type.Primitive);
        }

        var made = Activator.CreateInstance(message.ClassOf(type.Struct!))!;
        Fill(made, message.StructOf(type));
        return made;
    }

    private object Primitive(Primitive primitive) =>
        primitive switch
        {
            Generator.Notation.Primitive.Boolean => _random.Next(2) == 0,
            Generator.Notation.Primitive.Int8 => (sbyte)_random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
            Generator.Notation.Primitive.Int16 => (short)_random.Next(short.MinValue, short.MaxValue + 1),
            Generator.Notation.Primitive.UInt16 => (ushort)_random.Next(ushort.MaxValue + 1),
            Generator.Notation.Primitive.Int32 => (int)_random.NextInt64(int.MinValue, int.MaxValue),
            Generator.Notation.Primitive.UInt32 => (uint)_random.NextInt64(uint.MaxValue),
            Generator.Notation.Primitive.Int64 => _random.NextInt64(long.MinValue, long.MaxValue),
            Generator.Notation.Primitive.Float64 => _random.NextDouble() * 1e9,
            Generator.Notation.Primitive.Uuid => new Guid(Bytes(16)),
            Generator.Notation.Primitive.Error => (ErrorCode)_random.Next(-1, 134),
            Generator.Notation.Primitive.String => Text(),
            _ => new ReadOnlyMemory<byte>(Bytes(_random.Next(6))),
        };

    private static Type ElementType(Primitive primitive) =>
        primitive switch
        {
            Generator.Notation.Primitive.Boolean => typeof(bool),
            Generator.Notation.Primitive.Int8 => typeof(sbyte),
            Generator.Notation.Primitive.Int16 => typeof(short),
            Generator.Notation.Primitive.UInt16 => typeof(ushort),
            Generator.Notation.Primitive.Int32 => typeof(int),
            Generator.Notation.Primitive.UInt32 => typeof(uint),
            Generator.Notation.Primitive.Int64 => typeof(long),
            Generator.Notation.Primitive.Float64 => typeof(double),
            Generator.Notation.Primitive.Uuid => typeof(Guid),
            Generator.Notation.Primitive.Error => typeof(ErrorCode),
            Generator.Notation.Primitive.String => typeof(string),
            _ => typeof(ReadOnlyMemory<byte>),
        };

    private string Text()
    {
        string[] letters = ["a", "Z", "0", "-", "é", "漢", "😀"];
        var text = new StringBuilder();
        for (var left = _random.Next(6); left > 0; left--)
        {
            text.Append(letters[_random.Next(letters.Length)]);
        }

        return text.ToString();
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
