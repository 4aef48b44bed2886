using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Compatibility;

/// <summary>Whether data of one schema can be read with another: the specification's schema resolution, without data.</summary>
public static class AvroCompatibility
{
    /// <summary>Every reason why <paramref name="reader"/> cannot read what <paramref name="writer"/> wrote; empty when it can.</summary>
    /// <param name="reader">The schema that the reading program expects.</param>
    /// <param name="writer">The schema that the data was written with.</param>
    public static IReadOnlyList<CompatibilityViolation> Check(AvroSchema reader, AvroSchema writer) =>
        new CompatibilityChecker().Check(reader, writer);
}
