using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Options;

/// <summary>Turns literals into values of a field's type.</summary>
internal static class ScalarValues
{
    /// <param name="field">The field, of no message type.</param>
    /// <param name="literal">The literal.</param>
    /// <param name="isTextFormat">Whether it stands within braces, where more spellings are understood.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static WireValue? Encode(FieldSymbol field, OptionLiteral literal, bool isTextFormat, out string? fault)
    {
        var value = field.Proto.Type switch
        {
            Type.Int32 => Signed(literal, int.MinValue, int.MaxValue, static v => unchecked((ulong)v)),
            Type.Sfixed32 => Signed(literal, int.MinValue, int.MaxValue, static v => unchecked((uint)(int)v)),
            Type.Sint32 => Signed(literal, int.MinValue, int.MaxValue, static v => unchecked((uint)(((int)v << 1) ^ ((int)v >> 31)))),
            Type.Int64 or Type.Sfixed64 => Signed(literal, long.MinValue, long.MaxValue, static v => unchecked((ulong)v)),
            Type.Sint64 => Signed(literal, long.MinValue, long.MaxValue, static v => unchecked((ulong)((v << 1) ^ (v >> 63)))),
            Type.Uint32 or Type.Fixed32 => Unsigned(literal, uint.MaxValue),
            Type.Uint64 or Type.Fixed64 => Unsigned(literal, ulong.MaxValue),
            Type.Float => Number(literal, isTextFormat) is { } v ? new WireValue(BitConverter.SingleToUInt32Bits((float)v)) : null,
            Type.Double => Number(literal, isTextFormat) is { } v ? new WireValue(BitConverter.DoubleToUInt64Bits(v)) : null,
            Type.Bool => Bool(literal, isTextFormat),
            Type.Enum => Enum(field.EnumType, literal, isTextFormat),
            Type.String or Type.Bytes => literal.Text is { } text ? new WireValue(0, text) : null,
            _ => (WireValue?)null,
        };
        fault = value is null ? $"Value must be {Expected(field)} for option \"{field.FullName}\"." : null;
        return value;
    }

    private static string Expected(FieldSymbol field) => field.Proto.Type switch
    {
        Type.Int32 or Type.Sint32 or Type.Sfixed32 => $"integer, from {int.MinValue} to {int.MaxValue},",
        Type.Int64 or Type.Sint64 or Type.Sfixed64 => $"integer, from {long.MinValue} to {long.MaxValue},",
        Type.Uint32 or Type.Fixed32 => $"integer, from 0 to {uint.MaxValue},",
        Type.Uint64 or Type.Fixed64 => $"integer, from 0 to {ulong.MaxValue},",
        Type.Float or Type.Double => "number",
        Type.Bool => "\"true\" or \"false\"",
        Type.Enum => $"the name of a value of \"{field.EnumType.FullName}\"",
        Type.String or Type.Bytes => "quoted string",
        _ => "a message",
    };

    private static WireValue? Signed(OptionLiteral literal, long min, long max, Func<long, ulong> encode)
    {
        if (literal.Positive is { } positive)
        {
            return positive <= (ulong)max ? new WireValue(encode((long)positive)) : null;
        }

        return literal.Negative is { } negative && negative >= min ? new WireValue(encode(negative)) : null;
    }

    // An explicit minus zero is no unsigned number either, but protoc lets it pass as text format does not.
    private static WireValue? Unsigned(OptionLiteral literal, ulong max) =>
        literal.Positive is { } positive && positive <= max ? new WireValue(positive) : null;

    private static double? Number(OptionLiteral literal, bool isTextFormat) =>
        literal.Number ?? (double?)literal.Positive ?? (double?)literal.Negative ?? literal.Identifier switch
        {
            null => (double?)null,
            "inf" => double.PositiveInfinity,
            "nan" => Literals.NaN,
            { } word when isTextFormat && word.Equals("inf", StringComparison.OrdinalIgnoreCase) => double.PositiveInfinity,
            { } word when isTextFormat && word.Equals("infinity", StringComparison.OrdinalIgnoreCase) => double.PositiveInfinity,
            { } word when isTextFormat && word.Equals("nan", StringComparison.OrdinalIgnoreCase) => Literals.NaN,
            _ => null,
        };

    private static WireValue? Bool(OptionLiteral literal, bool isTextFormat) => literal.Identifier switch
    {
        "true" => new WireValue(1),
        "false" => new WireValue(0),
        "True" or "t" when isTextFormat => new WireValue(1),
        "False" or "f" when isTextFormat => new WireValue(0),
        _ => isTextFormat && literal.Positive <= 1 ? new WireValue(literal.Positive.Value) : null,
    };

    private static WireValue? Enum(EnumSymbol type, OptionLiteral literal, bool isTextFormat)
    {
        if (literal.Identifier is { } name)
        {
            return type.TryNumber(name, out var number) ? new WireValue(unchecked((ulong)(long)number)) : null;
        }

        var given = literal.Positive is <= int.MaxValue ? (long)literal.Positive.Value : literal.Negative;
        var isKnown = given is >= int.MinValue and <= int.MaxValue && (type.File.IsProto3 || type.NameOf((int)given) is not null);
        return isTextFormat && isKnown ? new WireValue(unchecked((ulong)given!.Value)) : null;
    }
}
