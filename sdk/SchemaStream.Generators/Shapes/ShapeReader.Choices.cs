using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Shapes;

/// <content>What attributes on members choose for their scalars.</content>
internal sealed partial class ShapeReader
{
    private const int MaxDigits = 38;
    private const int MaxScale = 28;
    private const int LargestDecimal = 16;
    private const int GuidBytes = 16;
    private const int DurationBytes = 12;

    private static ShapeUse Chosen(ShapeUse use, INamedTypeSymbol type, ISymbol member, IParameterSymbol? parameter, string path)
    {
        if (Attributes.Find(member, parameter, "AvroDecimalAttribute") is { } digits)
        {
            use = OnScalar(use, scalar => WithDigits(scalar, digits, member, path));
        }

        if (Attributes.Find(member, parameter, "AvroLogicalTypeAttribute") is { } logical)
        {
            var kind = (AvroLogicalKind)logical.Number(0);
            use = OnScalar(use, scalar => scalar is not null && Allows(scalar.Kind, kind)
                ? scalar.With(logical: kind)
                : throw Wrong(member, $"{path}: a {SymbolNames.Readable(use.Shape.Type)} cannot be {kind}"));
        }

        if (Attributes.Find(member, parameter, "AvroFixedAttribute") is { } size)
        {
            var (owner, bytes) = (SymbolNames.Of(type), size.Number(0));
            var name = AvroName.Resolve(size.Named("Name") as string ?? owner.Name + member.Name, owner.Namespace);
            use = OnScalar(use, scalar => scalar is not null && AllowsFixed(scalar.Kind, bytes)
                ? scalar.With(size: (name, bytes))
                : throw Wrong(member, $"{path}: a {SymbolNames.Readable(use.Shape.Type)} cannot be a fixed of {bytes} bytes"));
        }

        if (Attributes.Find(member, parameter, "AvroLogicalTypeAttribute")?.Number(0) == (int)AvroLogicalKind.BigDecimal
            && (Attributes.Find(member, parameter, "AvroDecimalAttribute") ?? Attributes.Find(member, parameter, "AvroFixedAttribute")) is not null)
        {
            throw Wrong(
                member,
                $"{path}: a BigDecimal has the digits and the size of each value: take [AvroDecimal] and [AvroFixed] away, or [AvroLogicalType]");
        }

        return use;
    }

    /// <summary>Changes the scalar that a member is, or that the items of its collections are.</summary>
    private static ShapeUse OnScalar(ShapeUse use, Func<ScalarShape?, ScalarShape> change) => use with
    {
        Shape = use.Shape switch
        {
            SequenceShape sequence => new SequenceShape(sequence.Type, OnScalar(sequence.Item, change), sequence.Kind),
            DictionaryShape dictionary => new DictionaryShape(dictionary.Type, OnScalar(dictionary.Value, change), dictionary.Kind),
            _ => change(use.Shape as ScalarShape),
        },
    };

    private static ScalarShape WithDigits(ScalarShape? scalar, AttributeData digits, ISymbol member, string path)
    {
        if (scalar is not { Kind: ScalarKind.Decimal })
        {
            throw Wrong(member, $"{path}: [AvroDecimal] is for decimals");
        }

        var (precision, scale) = (digits.Number(0), digits.Number(1));
        return precision is >= 1 and <= MaxDigits && scale >= 0 && scale <= Math.Min(precision, MaxScale)
            ? scalar.With(precision, scale)
            : throw Wrong(member, $"{path}: a decimal has 1 to {MaxDigits} digits, at most {MaxScale} of them after the point");
    }

    private static bool Allows(ScalarKind kind, AvroLogicalKind logical) => kind switch
    {
        ScalarKind.DateTime => logical is AvroLogicalKind.Date or (>= AvroLogicalKind.TimestampMillis and <= AvroLogicalKind.LocalTimestampNanos),
        ScalarKind.DateTimeOffset => logical is >= AvroLogicalKind.TimestampMillis and <= AvroLogicalKind.TimestampNanos,
        ScalarKind.TimeOnly => logical is AvroLogicalKind.TimeMillis or AvroLogicalKind.TimeMicros,
        ScalarKind.TimeSpan => logical is AvroLogicalKind.TimeMillis or AvroLogicalKind.TimeMicros or AvroLogicalKind.TimeSpanTicks,
        ScalarKind.Decimal => logical is AvroLogicalKind.BigDecimal,
        _ => false,
    };

    private static bool AllowsFixed(ScalarKind kind, int size) => kind switch
    {
        ScalarKind.ByteArray or ScalarKind.Memory => size > 0,
        ScalarKind.Decimal => size is > 0 and <= LargestDecimal,
        ScalarKind.Guid => size == GuidBytes,
        ScalarKind.TimeSpan => size == DurationBytes,
        _ => false,
    };

    private static ShapeException Wrong(ISymbol member, string message) => new(Diagnostics.Attribute, member, message);
}
