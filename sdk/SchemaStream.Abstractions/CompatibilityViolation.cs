namespace SchemaStream;

/// <summary>One reason why a reader's schema cannot read what a writer's schema wrote.</summary>
/// <param name="Kind">The rule, in Confluent's words, for example <c>READER_FIELD_MISSING_DEFAULT_VALUE</c>.</param>
/// <param name="Path">Where in the schema, as a JSON pointer such as <c>/fields/2/type</c>.</param>
/// <param name="Message">A sentence for people: what was expected and what was found.</param>
/// <param name="Detail">The offending part alone, such as the field's name or the missing symbols.</param>
public sealed record CompatibilityViolation(string Kind, string Path, string Message, string Detail = "");
