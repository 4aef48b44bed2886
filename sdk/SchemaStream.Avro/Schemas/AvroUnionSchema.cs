namespace SchemaStream.Avro.Schemas;

/// <summary>A union: a value of one of several types.</summary>
public sealed class AvroUnionSchema : AvroSchema
{
    internal AvroUnionSchema(IReadOnlyList<AvroSchema> branches)
        : base(AvroSchemaKind.Union, null, [])
    {
        Branches = branches;
        Height = 1 + branches.Select(branch => branch.Height).DefaultIfEmpty(0).Max();
        NullIndex = -1;
        for (var i = 0; i < branches.Count; i++)
        {
            if (branches[i].Kind == AvroSchemaKind.Null)
            {
                NullIndex = i;
            }
        }
    }

    /// <summary>The types in the order of their numbers.</summary>
    public IReadOnlyList<AvroSchema> Branches { get; }

    /// <summary>Which branch is null; -1 when none is.</summary>
    public int NullIndex { get; }

    /// <summary>True for null and one other type: what C# calls nullable.</summary>
    internal bool IsNullable => Branches.Count == 2 && NullIndex >= 0;
}
