namespace SchemaStream.Json.Validation;

/// <summary>What of some data does not follow its schema: the first that was found.</summary>
/// <param name="InstancePointer">Where in the data, as a JSON pointer; empty for the whole of it.</param>
/// <param name="SchemaPointer">Where in the schema, as a JSON pointer.</param>
/// <param name="Message">What was expected there.</param>
public sealed record JsonViolation(string InstancePointer, string SchemaPointer, string Message)
{
    /// <summary>In words: where, what, and by which part of the schema.</summary>
    public override string ToString() =>
        $"{(InstancePointer.Length == 0 ? "the value" : InstancePointer)} {Message} ({SchemaPointer})";
}
