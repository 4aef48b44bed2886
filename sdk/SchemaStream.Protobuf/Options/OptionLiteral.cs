using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Options;

/// <summary>What stands after the <c>=</c> of an option, or the <c>:</c> of a field within one.</summary>
internal readonly record struct OptionLiteral(
    string? Identifier = null, ulong? Positive = null, long? Negative = null, double? Number = null, byte[]? Text = null)
{
    public static OptionLiteral Of(UninterpretedOption option) => new(
        option.HasIdentifierValue ? option.IdentifierValue : null,
        option.HasPositiveIntValue ? option.PositiveIntValue : null,
        option.HasNegativeIntValue ? option.NegativeIntValue : null,
        option.HasDoubleValue ? option.DoubleValue : null,
        option.HasStringValue ? option.StringValue.ToByteArray() : null);
}
