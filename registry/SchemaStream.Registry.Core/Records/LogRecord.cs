namespace SchemaStream.Registry.Core.Records;

/// <summary>The two logs that a registry is made of.</summary>
/// <remarks>The numbers are on disk: they only grow.</remarks>
public enum LogName
{
    /// <summary>Subjects, versions, configuration, mode: Confluent's <c>_schemas</c>.</summary>
    Schemas = 0,

    /// <summary>Topic contracts: <c>_schemastream_contracts</c>.</summary>
    Contracts = 1,
}

/// <summary>A record as a log holds it: key and value are JSON in UTF-8; a null value is a tombstone.</summary>
/// <param name="Log">Which log.</param>
/// <param name="Key">What the record is about.</param>
/// <param name="Value">What is so from now on; null means: no longer anything.</param>
/// <param name="Timestamp">When it was written.</param>
public sealed record LogRecord(LogName Log, byte[] Key, byte[]? Value, DateTimeOffset Timestamp);
