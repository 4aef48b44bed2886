namespace SchemaStream.Protobuf.Compatibility;

/// <summary>One thing in which a schema's new version differs from its old one.</summary>
/// <param name="Kind">What differs: a name of <see cref="DifferenceKinds"/>.</param>
/// <param name="Path">Where: <c>#/Message/number</c>, <c>#/Message/oneof/number</c>, <c>#/Enum/number</c>.</param>
public sealed record SchemaDifference(string Kind, string Path)
{
    /// <summary>Whether data of the old version can be read in spite of it.</summary>
    public bool IsCompatible => DifferenceKinds.IsCompatible(Kind);
}
