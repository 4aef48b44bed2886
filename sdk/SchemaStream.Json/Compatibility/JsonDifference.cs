namespace SchemaStream.Json.Compatibility;

/// <summary>One way in which a schema differs from an older one.</summary>
/// <param name="Kind">The rule, in Confluent's words, such as <c>MAX_LENGTH_DECREASED</c>.</param>
/// <param name="Path">Where, such as <c>#/properties/name/maxLength</c>.</param>
/// <param name="IsCompatible">Whether data of the older schema is valid all the same.</param>
public sealed record JsonDifference(string Kind, string Path, bool IsCompatible);
