namespace SchemaStream.Avro.Schemas;

/// <summary>A type with a name, by which it is referred to: record, enum or fixed.</summary>
public abstract class AvroNamedSchema : AvroSchema
{
    private protected AvroNamedSchema(
        AvroSchemaKind kind,
        AvroNaming naming,
        AvroLogicalType? logicalType,
        IReadOnlyList<AvroProperty> properties)
        : base(kind, logicalType, properties)
    {
        Name = naming.Name;
        Aliases = naming.Aliases;
        Doc = naming.Doc;
    }

    /// <summary>The name.</summary>
    public AvroName Name { get; }

    /// <summary>Other names under which a reader accepts a writer's type.</summary>
    public IReadOnlyList<AvroName> Aliases { get; }

    /// <summary>Documentation for people; null for none.</summary>
    public string? Doc { get; }

    /// <inheritdoc/>
    public sealed override string FullName => Name.FullName;
}

/// <summary>What every named type has: travels as one argument.</summary>
internal readonly record struct AvroNaming(AvroName Name, IReadOnlyList<AvroName> Aliases, string? Doc);
