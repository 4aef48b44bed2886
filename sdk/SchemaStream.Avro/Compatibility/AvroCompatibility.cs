using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Compatibility;

/// <summary>Whether data of one schema can be read with another: the specification's schema resolution, without data.</summary>
public static class AvroCompatibility
{
    /// <summary>Every reason why <paramref name="reader"/> cannot read what <paramref name="writer"/> wrote; empty when it can.</summary>
    /// <param name="reader">The schema that the reading program expects.</param>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <param name="meaning">Whether a change of logical types is a reason too; the specification and Confluent's registry say no.</param>
    /// <exception cref="AvroSchemaException">The schemas are too large to be compared.</exception>
    public static IReadOnlyList<CompatibilityViolation> Check(
        AvroSchema reader, AvroSchema writer, LogicalTypeComparison meaning = LogicalTypeComparison.Ignored) =>
        new CompatibilityChecker(meaning).Check(reader, writer);
}

/// <summary>What a check makes of logical types, which schema resolution passes over.</summary>
public enum LogicalTypeComparison
{
    /// <summary>Only the types below them count: a timestamp is a long.</summary>
    Ignored = 0,

    /// <summary>A value has to mean to the reader what it meant to the writer: <c>compatibilityPolicy=LOGICAL</c>.</summary>
    Compared = 1,
}
