using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Shapes;

/// <summary>What a C# type is to a serializer, read from the compiler's symbols: the twin of the runtime library's TypeShape.</summary>
internal abstract class Shape(ITypeSymbol type)
{
    /// <summary>The type, never <see cref="Nullable{T}"/>.</summary>
    public ITypeSymbol Type { get; } = type;

    /// <summary>The type as generated code writes it.</summary>
    public string Code { get; } = SymbolNames.Code(type);
}

/// <summary>A type in a place: there it may be null or not.</summary>
/// <param name="Shape">The type's shape.</param>
/// <param name="IsNullable">Null is a value there.</param>
internal readonly record struct ShapeUse(Shape Shape, bool IsNullable)
{
    /// <summary>The type as declared there, in code.</summary>
    public string Code => IsNullable && Shape.Type.IsValueType ? Shape.Code + "?" : Shape.Code;
}

/// <summary>The C# types that one Avro primitive can carry; the names are those of the runtime library.</summary>
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
internal sealed class ScalarShape(ITypeSymbol type, ScalarKind kind) : Shape(type)
{
    public const int DefaultPrecision = 29;
    public const int DefaultScale = 14;

    public ScalarKind Kind { get; } = kind;

    public int Precision { get; init; } = DefaultPrecision;

    public int Scale { get; init; } = DefaultScale;

    public bool IsScaleChosen { get; init; }

    /// <summary>The logical type that was chosen for the member; null for the type's own.</summary>
    public AvroLogicalKind? Logical { get; init; }

    /// <summary>The name and size of the fixed that was chosen for the member; null for none.</summary>
    public (AvroName Name, int Size)? Fixed { get; init; }

    /// <summary>The same scalar with something chosen for it.</summary>
    public ScalarShape With(int? precision = null, int? scale = null, AvroLogicalKind? logical = null, (AvroName Name, int Size)? size = null) =>
        new(Type, Kind)
        {
            Precision = precision ?? Precision,
            Scale = scale ?? Scale,
            IsScaleChosen = IsScaleChosen || scale is not null,
            Logical = logical ?? Logical,
            Fixed = size ?? Fixed,
        };
}

/// <summary>A base class, interface or object whose values are of one of several types.</summary>
internal sealed class UnionShape(ITypeSymbol type) : Shape(type)
{
    /// <summary>The types; set once they are read, as they may have members of this very type.</summary>
    public IReadOnlyList<Shape> Branches { get; set; } = [];
}

/// <summary>An enum: symbols in the order declared.</summary>
internal sealed class EnumShape(INamedTypeSymbol type) : Shape(type)
{
    /// <summary>Symbol, field and value of each; of two names for one value the first counts.</summary>
    public required IReadOnlyList<(string Symbol, string Field, decimal Value)> Symbols { get; init; }

    public required string? DefaultSymbol { get; init; }

    public bool IsSigned => ((INamedTypeSymbol)Type).EnumUnderlyingType!.SpecialType
        is SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64;

    /// <summary>The usual enum counts from 0 in the order of its symbols: the value is the number.</summary>
    public bool IsDense => Symbols.Select((symbol, index) => symbol.Value == index).All(fits => fits);
}

/// <summary>How a collection is made of what was read.</summary>
internal enum SequenceKind
{
    Array,
    List,
    ListInterface,
    ArrayInterface,
    HashSet,
    SetInterface,
    ImmutableArray,
    ImmutableList,
    ImmutableHashSet,
    ImmutableSortedSet,
    ImmutableQueue,
    FrozenSet,
    Copied,
}

/// <summary>A collection of items in an order, or a set.</summary>
internal sealed class SequenceShape(ITypeSymbol type, ShapeUse item, SequenceKind kind) : Shape(type)
{
    public ShapeUse Item { get; } = item;

    public SequenceKind Kind { get; } = kind;

    /// <summary>What the constructor of a <see cref="SequenceKind.Copied"/> collection takes, in code, without its argument.</summary>
    public string CopySource => ((INamedTypeSymbol)Type).InstanceConstructors.Any(
        constructor => constructor.Parameters.Length == 1 && constructor.Parameters[0].Type.Name == "IEnumerable")
        ? "global::System.Collections.Generic.IEnumerable"
        : "global::System.Collections.Generic.IList";
}

/// <summary>How a dictionary is made of what was read.</summary>
internal enum DictionaryKind
{
    Dictionary,
    Interface,
    Immutable,
    ImmutableSorted,
    Frozen,
    Copied,
}

/// <summary>A dictionary with string keys.</summary>
internal sealed class DictionaryShape(ITypeSymbol type, ShapeUse value, DictionaryKind kind) : Shape(type)
{
    public ShapeUse Value { get; } = value;

    public DictionaryKind Kind { get; } = kind;
}

/// <summary>A record, class or struct with members.</summary>
internal sealed class RecordShape(INamedTypeSymbol type) : Shape(type)
{
    public IReadOnlyList<MemberShape> Members { get; set; } = [];

    /// <summary>For each parameter of the constructor, the member that it takes and the parameter's type.</summary>
    public IReadOnlyList<(MemberShape Member, ITypeSymbol Type)> Taken { get; set; } = [];

    /// <summary>The type's name in messages, as reflection gives it.</summary>
    public string Name => Type.MetadataName;
}

/// <summary>A property or field that becomes a field of the schema.</summary>
internal sealed class MemberShape
{
    public required ISymbol Member { get; init; }

    public required ShapeUse Use { get; init; }

    public required string AvroName { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    public required string? Doc { get; init; }

    public AvroFieldOrder Order { get; init; }

    /// <summary>The place that <c>[AvroOrder]</c> gives.</summary>
    public int Place { get; init; }

    public JsonElement? Default { get; set; }

    public (object? Value, bool IsGiven) ParameterDefault { get; set; }

    public string Path => $"{Member.ContainingType.MetadataName}.{Member.Name}";
}
