using System.Globalization;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Schemas.Generating;

/// <summary>How a property is declared.</summary>
/// <param name="Type">Its type, with the question mark.</param>
/// <param name="Attributes">Without their brackets.</param>
/// <param name="Initializer">What it is where nothing else is said; null: it must be given, or is null.</param>
internal sealed record CSharpUse(string Type, bool IsNullable, IReadOnlyList<string> Attributes, string? Initializer);

/// <summary>The C# types of Avro's, as <c>SchemaStream.Avro</c> derives schemas from them.</summary>
internal sealed class AvroCSharpTypes(List<string> differences, string? toNamespace)
{
    /// <summary>What <c>[AvroDecimal]</c> takes.</summary>
    private const int MostDigits = 38;
    private const int MostPlaces = 28;

    /// <summary>The digits of C#'s largest decimal.</summary>
    private const int DigitsOfDecimal = 29;

    /// <summary>A type's C# namespace.</summary>
    public string NamespaceOf(AvroNamedSchema named) => toNamespace ?? named.Name.Namespace;

    public string FullNameOf(AvroNamedSchema named) =>
        NamespaceOf(named) is { Length: > 0 } space ? $"{space}.{named.Name.Name}" : named.Name.Name;

    /// <exception cref="NoCSharpException">There is no C# type whose schema is the field's.</exception>
    public CSharpUse Of(AvroField field, string path)
    {
        var attributes = new List<string>();
        var (type, isNullable) = Use(field.Schema, attributes, path);
        var initializer = DefaultOf(field, isNullable, attributes, path);
        return new CSharpUse(type, isNullable, [.. attributes.Distinct()], initializer);
    }

    private (string Type, bool IsNullable) Use(AvroSchema schema, List<string> attributes, string path)
    {
        if (schema is not AvroUnionSchema union)
        {
            return (Plain(schema, attributes, path), false);
        }

        var branches = union.Branches.Where(branch => branch.Kind != AvroSchemaKind.Null).ToList();
        var isNullable = union.NullIndex >= 0;
        if (isNullable && union.NullIndex != 0 && union.NullIndex != union.Branches.Count - 1)
        {
            throw new NoCSharpException($"{path}: null stands in the middle of the union, where no C# type puts it. Put it first or last.");
        }

        switch (branches.Count)
        {
            case 0:
                throw new NoCSharpException($"{path}: a union of null alone has no C# type.");
            case 1:
                return (Plain(branches[0], attributes, path) + (isNullable ? "?" : Alone(path)), isNullable);
            default:
                attributes.Add($"AvroUnion({string.Join(", ", branches.Select(branch => $"typeof({Branch(branch, path)})"))})");
                return (isNullable ? "object?" : "object", isNullable);
        }
    }

    private string Alone(string path)
    {
        differences.Add($"{path}: a union of one type becomes the type");
        return "";
    }

    /// <summary>A branch's type: attributes cannot be on it, as they are on the member that all of them share.</summary>
    private string Branch(AvroSchema branch, string path)
    {
        var needed = new List<string>();
        var type = Plain(branch, needed, path);
        return needed.Count == 0
            ? type
            : throw new NoCSharpException($"{path}: {branch.FullName} within a union needs [{needed[0]}], which cannot be said of one branch alone. Wrap it in a record.");
    }

    private string Plain(AvroSchema schema, List<string> attributes, string path)
    {
        switch (schema)
        {
            case AvroRecordSchema or AvroEnumSchema:
                return "global::" + CSharpNames.EscapeFull(FullNameOf((AvroNamedSchema)schema));
            case AvroArraySchema array:
                return $"List<{Use(array.Items, attributes, path).Type}>";
            case AvroMapSchema map:
                return $"Dictionary<string, {Use(map.Values, attributes, path).Type}>";
            case AvroFixedSchema sized:
                return Fixed(sized, attributes, path);
            case { Kind: AvroSchemaKind.Null }:
                throw new NoCSharpException($"{path}: null alone has no C# type.");
            case { LogicalType: { } logical }:
                return Logical(schema, logical, attributes, path);
            default:
                return schema.Kind switch
                {
                    AvroSchemaKind.Boolean => "bool",
                    AvroSchemaKind.Int => "int",
                    AvroSchemaKind.Long => "long",
                    AvroSchemaKind.Float => "float",
                    AvroSchemaKind.Double => "double",
                    AvroSchemaKind.Bytes => "byte[]",
                    _ => "string",
                };
        }
    }

    private string Logical(AvroSchema schema, AvroLogicalType logical, List<string> attributes, string path)
    {
        switch (logical.Kind)
        {
            case AvroLogicalKind.Decimal when logical.Precision <= MostDigits && logical.Scale <= MostPlaces:
                return Decimal(logical, attributes, path);
            case AvroLogicalKind.Decimal:
                differences.Add($"{path}: a decimal of {logical.Precision} digits, {logical.Scale} after the point, is more than C#'s has; it becomes its bytes");
                return "byte[]";
            case AvroLogicalKind.BigDecimal:
                attributes.Add($"AvroLogicalType(AvroLogicalKind.{logical.Kind})");
                return "decimal";
            case AvroLogicalKind.Uuid:
                return "Guid";
            case AvroLogicalKind.Date:
                return "DateOnly";
            case AvroLogicalKind.TimeMicros:
                return "TimeOnly";
            case AvroLogicalKind.TimeMillis:
                attributes.Add($"AvroLogicalType(AvroLogicalKind.{logical.Kind})");
                return "TimeOnly";
            case AvroLogicalKind.TimestampMicros:
                return "DateTimeOffset";
            case AvroLogicalKind.TimestampMillis or AvroLogicalKind.TimestampNanos:
                attributes.Add($"AvroLogicalType(AvroLogicalKind.{logical.Kind})");
                return "DateTimeOffset";
            case AvroLogicalKind.TimeSpanTicks:
                return "TimeSpan";
            case AvroLogicalKind.LocalTimestampMillis or AvroLogicalKind.LocalTimestampMicros or AvroLogicalKind.LocalTimestampNanos:
                attributes.Add($"AvroLogicalType(AvroLogicalKind.{logical.Kind})");
                return "DateTime";
            default:
                throw new NoCSharpException($"{path}: {schema.FullName} as {logical.Kind} has no C# type.");
        }
    }

    private string Fixed(AvroFixedSchema sized, List<string> attributes, string path)
    {
        if (sized.Aliases.Count > 0 || sized.Doc is not null)
        {
            differences.Add($"{path}: the doc and the aliases of the fixed {sized.FullName} are not carried over");
        }

        attributes.Add($"AvroFixed({sized.Size.ToString(CultureInfo.InvariantCulture)}, Name = {CSharpNames.Literal(sized.FullName)})");
        switch (sized.LogicalType?.Kind)
        {
            case AvroLogicalKind.Decimal when sized is { Size: <= 16, LogicalType: { Precision: <= MostDigits, Scale: <= MostPlaces } logical }:
                return Decimal(logical, attributes, path);
            case AvroLogicalKind.Uuid:
                return "Guid";
            case AvroLogicalKind.Duration:
                return "TimeSpan";
            case null:
                return "byte[]";
            default:
                differences.Add($"{path}: {sized.LogicalType} on a fixed becomes its bytes");
                return "byte[]";
        }
    }

    private string Decimal(AvroLogicalType logical, List<string> attributes, string path)
    {
        if (logical.Precision > DigitsOfDecimal)
        {
            differences.Add($"{path}: of a decimal of {logical.Precision} digits, values of more than C#'s {DigitsOfDecimal - 1} or {DigitsOfDecimal} are refused");
        }

        attributes.Add(string.Create(CultureInfo.InvariantCulture, $"AvroDecimal({logical.Precision}, {logical.Scale})"));
        return "decimal";
    }

    /// <summary>Says the default, in Avro's words for other readers and in C#'s where a plain value stands for it.</summary>
    private string? DefaultOf(AvroField field, bool isNullable, List<string> attributes, string path)
    {
        var isNull = field.Default is { ValueKind: JsonValueKind.Null };
        var isNullFirst = field.Schema is AvroUnionSchema { NullIndex: 0 };
        if (field.Default is not { } value)
        {
            if (isNullable)
            {
                differences.Add($"{path}: an optional field without a default gets the default null{(isNullFirst ? "" : ", and null first")}");
            }

            return null;
        }

        if (isNullable && isNull && isNullFirst)
        {
            return null; // as every optional member has it
        }

        if (isNullable && isNull != isNullFirst)
        {
            differences.Add($"{path}: the branch of the default becomes the union's first");
        }

        attributes.Add($"AvroDefault({CSharpNames.Literal(value.GetRawText())})");
        return Initializer(field.Schema, value);
    }

    private string? Initializer(AvroSchema schema, JsonElement value) => schema switch
    {
        AvroUnionSchema union when union.Branches.Count(branch => branch.Kind != AvroSchemaKind.Null) == 1 && value.ValueKind != JsonValueKind.Null =>
            Initializer(union.Branches.First(branch => branch.Kind != AvroSchemaKind.Null), value),
        AvroEnumSchema symbols => $"global::{CSharpNames.EscapeFull(FullNameOf(symbols))}.{CSharpNames.Escape(value.GetString()!)}",
        AvroArraySchema when value.GetArrayLength() == 0 => "[]",
        AvroMapSchema when !value.EnumerateObject().Any() => "[]",
        { LogicalType: not null } => null,
        { Kind: AvroSchemaKind.Boolean } => value.GetRawText(),
        { Kind: AvroSchemaKind.Int } => value.GetInt32().ToString(CultureInfo.InvariantCulture),
        { Kind: AvroSchemaKind.Long } => value.GetInt64() is var number && number == long.MinValue
            ? "long.MinValue"
            : number.ToString(CultureInfo.InvariantCulture) + "L",
        { Kind: AvroSchemaKind.Float } => value.GetSingle().ToString("R", CultureInfo.InvariantCulture) + "F",
        { Kind: AvroSchemaKind.Double } => value.GetDouble().ToString("R", CultureInfo.InvariantCulture) + "D",
        { Kind: AvroSchemaKind.String } => CSharpNames.Literal(value.GetString()!),
        _ => null,
    };
}
