namespace SchemaStream.Protobuf.Compatibility;

/// <summary>What changed between two Protobuf schemas, and whether data survives it, by Confluent's rules.</summary>
/// <remarks>
/// Two of Confluent's answers are not given here, since data would be lost: a proto3 number without a label that becomes
/// <c>repeated</c>, or stops being it, has its label changed; and any field that becomes <c>required</c> counts as
/// <see cref="DifferenceKinds.RequiredFieldAdded"/>.
/// </remarks>
public static class ProtobufCompatibility
{
    /// <summary>Everything in which <paramref name="update"/> differs from <paramref name="original"/>, harmless or not.</summary>
    /// <param name="original">The schema as it was.</param>
    /// <param name="update">The schema as it shall be.</param>
    /// <exception cref="ProtoSchemaException">The schemas are too large to be compared.</exception>
    public static IReadOnlyList<SchemaDifference> Compare(ProtoSchema original, ProtoSchema update)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(update);
        return new SchemaComparison(original, update).Run();
    }

    /// <summary>Every reason why <paramref name="reader"/> cannot read what <paramref name="writer"/> wrote; empty when it can.</summary>
    /// <param name="reader">The schema that the reading program expects.</param>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <exception cref="ProtoSchemaException">The schemas are too large to be compared.</exception>
    public static IReadOnlyList<CompatibilityViolation> Check(ProtoSchema reader, ProtoSchema writer) =>
    [
        .. from difference in Compare(writer, reader)
           where !difference.IsCompatible
           select new CompatibilityViolation(
               difference.Kind, difference.Path, DifferenceMessages.Of(difference.Kind, difference.Path)),
    ];
}
