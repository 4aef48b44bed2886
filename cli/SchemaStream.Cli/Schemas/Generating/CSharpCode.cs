namespace SchemaStream.Cli.Schemas.Generating;

/// <summary>C# that was written from a schema.</summary>
/// <param name="Text">One file.</param>
/// <param name="Types">The full names of its types.</param>
/// <param name="Differences">What the types do not say that the schema does: their own schema is another one there, or holds values that they do not.</param>
internal sealed record CSharpCode(string Text, IReadOnlyList<string> Types, IReadOnlyList<string> Differences);

/// <summary>A schema has no C# types here; the message says what to do instead.</summary>
internal sealed class NoCSharpException(string message) : Exception(message);
