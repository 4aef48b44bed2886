using System.Reflection;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <summary>What a C# type is to a serializer: read once from reflection, then used by derivation and by both compilers.</summary>
internal abstract class TypeShape(Type type)
{
    /// <summary>The type, never <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; } = type;
}

/// <summary>A type in a place: there it may be null or not, and a value type may be wrapped.</summary>
/// <param name="Shape">The type's shape.</param>
/// <param name="IsNullable">Null is a value there.</param>
/// <param name="Type">The type as declared: <c>int?</c> where <see cref="TypeShape.Type"/> is <c>int</c>.</param>
internal readonly record struct ShapeUse(TypeShape Shape, bool IsNullable, Type Type);

/// <summary>The C# types that one Avro primitive or fixed can carry.</summary>
internal enum ScalarKind
{
    Boolean,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Single,
    Double,
    String,
    ByteArray,
    Memory,
    Decimal,
    Guid,
    DateTime,
    DateTimeOffset,
    DateOnly,
    TimeOnly,
    TimeSpan,
}

/// <summary>A value without parts.</summary>
internal sealed class ScalarShape(Type type, ScalarKind kind) : TypeShape(type)
{
    public const int DefaultPrecision = 29;
    public const int DefaultScale = 14;

    public ScalarKind Kind { get; } = kind;

    /// <summary>Digits of a decimal.</summary>
    public int Precision { get; init; } = DefaultPrecision;

    /// <summary>Fractional digits of a decimal.</summary>
    public int Scale { get; init; } = DefaultScale;

    /// <summary>
    /// The scale was chosen for the member, so values come back with it. Otherwise 19.99 comes back as it was, not as
    /// 19.99000000000000.
    /// </summary>
    public bool IsScaleChosen { get; init; }

    /// <summary>The logical type that was chosen for the member; null for the type's own.</summary>
    public AvroLogicalKind? Logical { get; init; }

    /// <summary>The name and size of the fixed that was chosen for the member; null for none.</summary>
    public (AvroName Name, int Size)? Fixed { get; init; }

    /// <summary>The schema that the type carries; null when it has none.</summary>
    public AvroSchema? GivenSchema { get; init; }

    /// <summary>How the scalar comes out of a type of another library; null when it is the type itself.</summary>
    public ScalarAdapter? Adapter { get; init; }

    /// <summary>The same scalar with something chosen for it.</summary>
    public ScalarShape With(int? precision = null, int? scale = null, AvroLogicalKind? logical = null, (AvroName Name, int Size)? size = null) =>
        new(Type, Kind)
        {
            Precision = precision ?? Precision,
            Scale = scale ?? Scale,
            IsScaleChosen = IsScaleChosen || scale is not null,
            Logical = logical ?? Logical,
            Fixed = size ?? Fixed,
            GivenSchema = GivenSchema,
            Adapter = Adapter,
        };
}

/// <summary>A base class, interface or object whose values are of one of several types.</summary>
internal sealed class UnionShape(Type type) : TypeShape(type)
{
    /// <summary>The types; set once they are read, as they may have members of this very type.</summary>
    public IReadOnlyList<TypeShape> Branches { get; set; } = [];
}

/// <summary>An enum: symbols in the order declared.</summary>
internal sealed class EnumShape(Type type) : TypeShape(type)
{
    /// <summary>The symbols and their values; of two names for one value the first counts.</summary>
    public required IReadOnlyList<(string Symbol, object Value)> Symbols { get; init; }

    public required string? DefaultSymbol { get; init; }
}

/// <summary>A collection of items in an order, or a set.</summary>
internal sealed class SequenceShape(Type type, ShapeUse item) : TypeShape(type)
{
    public ShapeUse Item { get; } = item;
}

/// <summary>A dictionary with string keys.</summary>
internal sealed class DictionaryShape(Type type, ShapeUse value) : TypeShape(type)
{
    public ShapeUse Value { get; } = value;
}

/// <summary>A value whose type is known only from its schema: see <see cref="AvroRecord"/> for what it is made of.</summary>
internal sealed class DynamicShape() : TypeShape(typeof(object))
{
    public static readonly ShapeUse Use = new(new DynamicShape(), true, typeof(object));
}

/// <summary>A record, class or struct with members.</summary>
internal sealed class RecordShape(Type type) : TypeShape(type)
{
    /// <summary>Records of so many fields, those within them counted, are written and read where they stand.</summary>
    private const int SmallFields = 24;

    private bool? _isSmall;

    /// <summary>The record has few fields and does not contain itself: code for it is not worth a method of its own.</summary>
    public bool IsSmall => _isSmall ??= CountFields(this, []) <= SmallFields;

    /// <summary>The schema that the type carries; null when it is derived from the members.</summary>
    public AvroRecordSchema? GivenSchema { get; init; }

    /// <summary>The members; set once they are read, as they may be of this very type.</summary>
    public IReadOnlyList<MemberShape> Members { get; set; } = [];

    /// <summary>How a value is made; null for a struct made by its members alone.</summary>
    public ConstructorInfo? Constructor { get; set; }

    /// <summary>For each parameter of the constructor, the member that it takes.</summary>
    public IReadOnlyList<MemberShape> ConstructorMembers { get; set; } = [];

    private static int CountFields(RecordShape shape, HashSet<TypeShape> open)
    {
        if (!open.Add(shape) || shape.Members.Count > SmallFields)
        {
            return SmallFields + 1;
        }

        var count = 0;
        foreach (var member in shape.Members)
        {
            count += 1 + CountIn(member.Use.Shape, open);
            if (count > SmallFields)
            {
                break;
            }
        }

        open.Remove(shape);
        return count;
    }

    /// <summary>A collection has its own code, but a type that contains itself through one is recursive all the same.</summary>
    private static int CountIn(TypeShape shape, HashSet<TypeShape> open) => shape switch
    {
        RecordShape record => CountFields(record, open),
        SequenceShape sequence => CountIn(sequence.Item.Shape, open),
        DictionaryShape dictionary => CountIn(dictionary.Value.Shape, open),
        UnionShape union => union.Branches.Sum(branch => CountIn(branch, open)),
        _ => 0,
    };
}

/// <summary>A property or field that becomes a field of the schema.</summary>
internal sealed class MemberShape
{
    public required MemberInfo Member { get; init; }

    /// <summary>The field's number for <c>Get</c> and <c>Put</c> of a generated class that has no property for it; otherwise null.</summary>
    public int? Position { get; init; }

    public required ShapeUse Use { get; init; }

    public required string AvroName { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    public AvroFieldOrder Order { get; init; }

    /// <summary>The place that <c>[AvroOrder]</c> gives.</summary>
    public int Place { get; init; }

    public required string? Doc { get; init; }

    public JsonElement? Default { get; set; }

    /// <summary>The constructor's optional parameter gives a value: it becomes the schema's default.</summary>
    public bool HasParameterDefault { get; set; }

    public object? ParameterDefault { get; set; }

    public bool CanSet { get; init; }

    public string Path => $"{Member.DeclaringType!.Name}.{Member.Name}";
}
