using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Formats.Avro;

/// <content>Unions and what is not made of further values.</content>
internal sealed partial class AvroJsonEncoder
{
    private const int DurationBytes = 12;

    private void WriteUnion(AvroUnionSchema union, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null && union.NullIndex >= 0)
        {
            _output.AddZigzag(union.NullIndex);
            return;
        }

        if (_isDefault)
        {
            WriteFirstFit(union, value, Misfit(union, value));
            return;
        }

        var wrapped = Wrapped(union, value, out var inner);
        if (style == JsonStyle.Encoded)
        {
            WriteBranch(union, wrapped >= 0 ? wrapped : throw Fault(
                $"a union's value is written {{\"type\": value}}, with one of {string.Join(", ", union.Branches.Select(branch => branch.FullName))}; found {Excerpt(value)}"), inner);
        }
        else if (AvroUnions.IsOptional(union))
        {
            WriteOptional(union, value, wrapped, inner);
        }
        else if (wrapped >= 0)
        {
            WriteBranch(union, wrapped, inner);
        }
        else
        {
            WriteFirstFit(union, value, Misfit(union, value));
        }
    }

    /// <summary>An optional value is written bare, but the form with the type's name is taken as well.</summary>
    private void WriteOptional(AvroUnionSchema union, JsonElement value, int wrapped, JsonElement inner)
    {
        var only = 1 - union.NullIndex;
        if (wrapped < 0)
        {
            WriteBranch(union, only, value);
        }
        else if (union.Branches[only] is not (AvroRecordSchema or AvroMapSchema))
        {
            WriteBranch(union, wrapped, inner);
        }
        else if (TryBranch(union, only, value) is not null)
        {
            WriteBranch(union, wrapped, inner);
        }
    }

    private void WriteFirstFit(AvroUnionSchema union, JsonElement value, CodecException nothing)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            if (TryBranch(union, i, value) is null)
            {
                return;
            }
        }

        throw nothing;
    }

    private CodecException? TryBranch(AvroUnionSchema union, int branch, JsonElement value)
    {
        var (length, depth, isDefault) = (_output.Length, _path.Count, _isDefault);
        try
        {
            WriteBranch(union, branch, value);
            return null;
        }
        catch (CodecException misfit) when (_steps <= MaxSteps)
        {
            _output.CutBackTo(length);
            _path.RemoveRange(depth, _path.Count - depth);
            _isDefault = isDefault;
            return misfit;
        }
    }

    private void WriteBranch(AvroUnionSchema union, int branch, JsonElement value)
    {
        _output.AddZigzag(branch);
        Write(union.Branches[branch], value);
    }

    private int Wrapped(AvroUnionSchema union, JsonElement value, out JsonElement inner)
    {
        inner = default;
        if (value.ValueKind != JsonValueKind.Object)
        {
            return -1;
        }

        var members = value.EnumerateObject();
        if (!members.MoveNext())
        {
            return -1;
        }

        var named = AvroUnions.Named(union, members.Current.Name, IsReadable);
        inner = members.Current.Value;
        return members.MoveNext() ? -1 : named;
    }

    private void WriteFixed(AvroFixedSchema sized, JsonElement value)
    {
        var bytes = sized.LogicalType?.Kind switch
        {
            AvroLogicalKind.Decimal when IsReadable => Widened(DecimalOf(sized, value), sized, value),
            AvroLogicalKind.Uuid when IsReadable && value.ValueKind == JsonValueKind.String && Guid.TryParse(Text(value, sized), out var guid) =>
                guid.ToByteArray(bigEndian: true),
            AvroLogicalKind.Duration when IsReadable && value.ValueKind == JsonValueKind.Object => DurationOf(sized, value),
            _ => Bytes(sized, value),
        };
        _output.Add(bytes.Length == sized.Size ? bytes : throw Fault($"{sized.FullName} has {sized.Size} bytes, found {bytes.Length}"));
    }

    private void WritePrimitive(AvroSchema of, JsonElement value)
    {
        switch (of.Kind)
        {
            case AvroSchemaKind.Null:
                _ = value.ValueKind == JsonValueKind.Null ? 0 : throw Misfit(of, value);
                break;
            case AvroSchemaKind.Boolean:
                _output.Add(value.ValueKind switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => throw Misfit(of, value) });
                break;
            case AvroSchemaKind.Int:
                _output.AddZigzag(Whole(of, value) is { } small and >= int.MinValue and <= int.MaxValue ? small : throw Misfit(of, value));
                break;
            case AvroSchemaKind.Long:
                _output.AddZigzag(Whole(of, value) ?? throw Misfit(of, value));
                break;
            case AvroSchemaKind.Float:
                _output.AddFixed32(BitConverter.SingleToUInt32Bits(JsonNumbers.ReadSingle(value) ?? throw Misfit(of, value)));
                break;
            case AvroSchemaKind.Double:
                _output.AddFixed64(BitConverter.DoubleToUInt64Bits(JsonNumbers.Read(value) ?? throw Misfit(of, value)));
                break;
            case AvroSchemaKind.Bytes:
                var bytes = IsReadable && of.LogicalType?.Kind == AvroLogicalKind.Decimal ? DecimalOf(of, value) : Bytes(of, value);
                _output.AddZigzag(bytes.Length);
                _output.Add(bytes);
                break;
            default:
                WriteText(value.ValueKind == JsonValueKind.String ? Text(value, of) : throw Misfit(of, value));
                break;
        }
    }

    private long? Whole(AvroSchema of, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt64(out var number) ? number : null;
        }

        if (value.ValueKind != JsonValueKind.String || !IsReadable)
        {
            return null;
        }

        var text = Text(value, of);
        return of.LogicalType is { } logical && AvroLogicalText.Parse(logical.Kind, text) is { } moment ? moment
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : null;
    }

    private byte[] DecimalOf(AvroSchema of, JsonElement value) =>
        (value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? AvroLogicalText.ParseDecimal(
                value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(value, of), of.LogicalType!.Precision, of.LogicalType.Scale)
            : null) ?? throw Misfit(of, value);

    private byte[] Widened(byte[] unscaled, AvroFixedSchema sized, JsonElement value)
    {
        if (unscaled.Length > sized.Size)
        {
            throw Misfit(sized, value);
        }

        var wide = new byte[sized.Size];
        wide.AsSpan().Fill((unscaled[0] & 0x80) != 0 ? (byte)0xFF : (byte)0);
        unscaled.CopyTo(wide.AsSpan(sized.Size - unscaled.Length));
        return wide;
    }

    private byte[] DurationOf(AvroSchema of, JsonElement value)
    {
        var bytes = new byte[DurationBytes];
        foreach (var member in value.EnumerateObject())
        {
            var place = member.Name switch { "months" => 0, "days" => 4, "millis" => 8, _ => throw Misfit(of, value) };
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(place),
                member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetUInt32(out var part) ? part : throw Misfit(of, member.Value));
        }

        return bytes;
    }

    /// <summary>Avro's text of bytes: one character each.</summary>
    private byte[] Bytes(AvroSchema of, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? Text(value, of) : throw Misfit(of, value);
        foreach (var character in text)
        {
            if (character > 0xFF)
            {
                throw Fault($"'{character}' stands for no byte: each character of {of.FullName} is one byte, up to U+00FF");
            }
        }

        return Encoding.Latin1.GetBytes(text);
    }
}
