using System.Buffers.Binary;
using System.Collections;
using System.Text;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>
/// A second, slow way to write a message: it walks the definition, and shares neither code nor shape with the generator's
/// emitters. What both write alike is right, or wrong in two ways at once.
/// </summary>
internal sealed class ReferenceCodec(DefinedMessage message, short version)
{
    private bool IsFlexible => message.Definition.Flexible.Contains(version);

    public byte[] Write(object value)
    {
        var bytes = new List<byte>();
        Struct(bytes, value, message.Definition.Root);
        return [.. bytes];
    }

    private void Struct(List<byte> bytes, object value, StructDefinition type)
    {
        var present = type.Fields.Where(field => field.Versions.Contains(version)).ToList();
        foreach (var field in present.Where(field => !field.IsTagged))
        {
            Value(bytes, Get(value, field), field, field.Nullable.Contains(version));
        }

        if (IsFlexible)
        {
            var untouched = Activator.CreateInstance(value.GetType())!;
            var sent = present
                .Where(field => field.IsTagged && !Same(Get(value, field), Get(untouched, field)))
                .OrderBy(field => field.Tag)
                .ToList();
            Varint(bytes, sent.Count);
            foreach (var field in sent)
            {
                var content = new List<byte>();
                Value(content, Get(value, field), field, field.Nullable.Contains(version));
                Varint(bytes, field.Tag!.Value);
                Varint(bytes, content.Count);
                bytes.AddRange(content);
            }
        }
    }

    private void Value(List<byte> bytes, object? value, FieldDefinition field, bool nullable)
    {
        if (field.Type.IsArray)
        {
            Length(bytes, (value as IList)?.Count ?? -1, bits: 32);
            foreach (var element in (IList?)value ?? Array.Empty<object>())
            {
                Value(bytes, element, field with { Type = field.Type.Element }, nullable: false);
            }
        }
        else if (field.Type.IsStruct)
        {
            if (nullable)
            {
                bytes.Add(value is null ? (byte)0xff : (byte)1);
            }

            if (value is not null)
            {
                Struct(bytes, value, message.StructOf(field.Type));
            }
        }
        else
        {
            Primitive(bytes, value);
        }
    }

    private void Primitive(List<byte> bytes, object? value)
    {
        switch (value)
        {
            case bool truth: bytes.Add(truth ? (byte)1 : (byte)0); break;
            case sbyte number: bytes.Add((byte)number); break;
            case short number: Number(bytes, number, 2); break;
            case ushort number: Number(bytes, number, 2); break;
            case int number: Number(bytes, number, 4); break;
            case uint number: Number(bytes, number, 4); break;
            case long number: Number(bytes, number, 8); break;
            case ErrorCode code: Number(bytes, (short)code, 2); break;
            case double real: Number(bytes, BitConverter.DoubleToInt64Bits(real), 8); break;
            case Guid id: bytes.AddRange(Convert.FromHexString(id.ToString("N"))); break;
            case ReadOnlyMemory<byte> blob: Length(bytes, blob.Length, bits: 32); bytes.AddRange(blob.ToArray()); break;
            case NullPrimitive absent: Length(bytes, -1, absent.Bits); break;
            case string text:
                Length(bytes, Encoding.UTF8.GetByteCount(text), bits: 16);
                bytes.AddRange(Encoding.UTF8.GetBytes(text));
                break;
            default: throw new InvalidOperationException($"no way to write {value}");
        }
    }

    private void Length(List<byte> bytes, int length, int bits)
    {
        if (IsFlexible)
        {
            Varint(bytes, length + 1);
        }
        else
        {
            Number(bytes, length, bits / 8);
        }
    }

    private static void Varint(List<byte> bytes, int value)
    {
        for (; value > 127; value /= 128)
        {
            bytes.Add((byte)(128 + (value % 128)));
        }

        bytes.Add((byte)value);
    }

    private static void Number(List<byte> bytes, long value, int size)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, value);
        bytes.AddRange(all[(8 - size)..]);
    }

    /// <summary>A null of a string or of bytes is known by its field alone.</summary>
    private static object? Get(object owner, FieldDefinition field)
    {
        var value = owner.GetType().GetProperty(field.Name)!.GetValue(owner);
        return value is null && !field.Type.IsArray && !field.Type.IsStruct
            ? new NullPrimitive(field.Type.Primitive == Generator.Notation.Primitive.String ? 16 : 32)
            : value;
    }

    private static bool Same(object? left, object? right) =>
        (left, right) switch
        {
            (ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span),
            (IList one, IList other) => one.Count == 0 && other.Count == 0,
            _ => Equals(left, right),
        };

    private sealed record NullPrimitive(int Bits);
}
